"""The nouns: values that every room understands. Imports nothing of ours."""
