envdoctor hook fish | source
