"""Links and names, asked on the network. Import `network` late: it loads what plain checking does not need."""
