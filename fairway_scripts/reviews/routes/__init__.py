"""Which lanes must review a change: routes, shapes and domains against the changed paths."""
