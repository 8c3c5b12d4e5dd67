"""SHOWS. What a browser or a monitor asks us for."""
