//! Where something stands in a text.

/// Something with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The thing.
    pub what: T,
    /// Where it begins, in bytes from the beginning of the text.
    pub offset: usize,
}

/// The line of an offset, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes().get(..offset).unwrap_or_default()).count() + 1
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_count_from_one() {
        for (offset, line) in [(0, 1), (1, 1), (2, 2), (3, 3)] {
            assert_eq!(super::line_of("a\n\nb", offset), line);
        }
    }
}
