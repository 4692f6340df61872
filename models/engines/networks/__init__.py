"""Network definitions of our own, from the papers; published weights load into them strictly."""
