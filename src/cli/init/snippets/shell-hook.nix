shellHook = ''
  envdoctor check --quiet >&2 || true
'';
