//! A log in a form that is hard to read, and which of its lines were which.

/// What is scanned instead of a log.
pub(crate) struct Hidden {
    pub(crate) bytes: Vec<u8>,
    /// For each of its lines the number of the log's line that it comes from.
    origins: Vec<u64>,
}

impl Hidden {
    pub(crate) fn origin(&self, line: u64) -> u64 {
        let at = usize::try_from(line).unwrap();
        self.origins.get(at.wrapping_sub(1)).copied().unwrap_or(0)
    }
}

/// The log with its lines as they are, but in other bytes.
pub(crate) fn bytes(log: &str, bytes: Vec<u8>) -> Hidden {
    Hidden { bytes, origins: (1..=log.lines().count() as u64).collect() }
}

/// The log with each line written in another way; `write` gets its number from 0 on.
pub(crate) fn each_line(log: &str, write: impl Fn(usize, &str) -> String) -> Hidden {
    each_line_as(log, |at, line| vec![write(at, line)])
}

/// The log with each line written as several, or none.
pub(crate) fn each_line_as(log: &str, write: impl Fn(usize, &str) -> Vec<String>) -> Hidden {
    let (mut text, mut origins) = (String::new(), Vec::new());
    for (at, line) in log.lines().enumerate() {
        for line in write(at, line) {
            text.push_str(&line);
            text.push('\n');
            origins.push(at as u64 + 1);
        }
    }
    Hidden { bytes: text.into_bytes(), origins }
}
