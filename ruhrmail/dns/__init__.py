"""What senders publish in the domain name system, read and judged: SPF, DKIM, DMARC."""
