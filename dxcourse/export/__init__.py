"""Files for other programs: what is shared by everything that writes one."""
