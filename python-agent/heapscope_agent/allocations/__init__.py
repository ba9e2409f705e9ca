"""Where memory is allocated: sampled in C, sent once a second."""
