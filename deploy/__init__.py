"""What a server needs beside the portal, and the health question, which ``./run`` asks too."""
