"""Commands for those who build srmcheck; none of them ships."""
