"""How do rows become answers in the shape of the X API v2? Pure: values in, values out."""
