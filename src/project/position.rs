//! Where something stands in a text.

/// A place in a text: line and column from 1, the column in bytes, as Nix counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Something with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The thing.
    pub what: T,
    /// Where it begins.
    pub position: Position,
}

/// The beginnings of a text's lines.
#[derive(Clone, Debug)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// Looks at a text once.
    pub fn of(text: &str) -> Self {
        Lines(
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect(),
        )
    }

    /// The place of an offset in bytes.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.0.partition_point(|&start| start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.0.get(line)).copied().unwrap_or_default();
        Position { line: line.max(1), column: offset - start + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_lines_and_columns() {
        let lines = Lines::of("a\n\nbé c\n");
        for (offset, line, column) in [(0, 1, 1), (1, 1, 2), (2, 2, 1), (3, 3, 1), (6, 3, 4), (9, 4, 1)] {
            assert_eq!(lines.position(offset), Position { line, column }, "{offset}");
        }
        assert_eq!(Lines::of("").position(0), Position { line: 1, column: 1 });
    }
}
