"""How do people moderate? Reports, the queue, claims, decisions and appeals."""
