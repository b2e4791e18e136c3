"""Who may ask, and how did they get to? Sign-in, tokens, apps and the OAuth protocols."""
