"""After the matching: what people are asked, what they answer, and whether it worked."""
