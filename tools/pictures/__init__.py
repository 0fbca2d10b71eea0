"""The pictures of the sample newsletter, one module a motif."""
