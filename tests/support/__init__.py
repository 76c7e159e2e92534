"""What tests share: courses, servers and people made for them."""
