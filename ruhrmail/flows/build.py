"""Issues to files: mail.html, mail.txt, mail.eml, index.html and assets/."""
