"""What any office keeps: files, an audit chain, row history, outbox, inbox, staged imports, leased jobs."""
