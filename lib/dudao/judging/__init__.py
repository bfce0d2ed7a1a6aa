"""The only comparer: a measure against a threshold, in three states, with basis and gap."""
