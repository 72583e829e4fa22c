//! A version, or the beginning of one.

use std::fmt;

/// So many numbers a version has at most; OTP's can have five.
const MOST_NUMBERS: usize = 5;
/// So many digits a number has at most.
const MOST_DIGITS: usize = 8;

/// A version, or the beginning of one: `1.17`, `27.3.4.1`, `1.18.0-rc.0`, `3.13.0rc1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: Vec<u32>,
    pre: Option<String>,
}

impl Version {
    /// Reads a version that is nothing but one.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim();
        let text = text.strip_prefix(['v', '=']).unwrap_or(text);
        let text = text.split('+').next()?;
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (numbers, pre) = text.split_at(end);
        let number = |part: &str| part.parse().ok().filter(|_| part.len() <= MOST_DIGITS);
        let numbers: Vec<u32> = numbers.split('.').map(number).collect::<Option<_>>()?;
        let pre = pre.strip_prefix('-').unwrap_or(pre);
        let kind = pre.split(|c: char| !c.is_ascii_alphabetic()).next()?;
        let is_pre = ["rc", "alpha", "beta", "dev", "a", "b"].contains(&kind);
        let is_sound = numbers.len() <= MOST_NUMBERS && (pre.is_empty() || is_pre);
        is_sound.then(|| Version { numbers, pre: Some(pre.to_owned()).filter(|pre| !pre.is_empty()) })
    }

    /// Whether this is one of the versions that begin like `prefix`.
    pub(super) fn begins_with(&self, prefix: &Version) -> bool {
        let is_whole = prefix.numbers.len() >= 3;
        self.numbers.starts_with(&prefix.numbers)
            && (self.pre == prefix.pre || prefix.pre.is_none() && !is_whole)
    }

    /// Whether the first `count` numbers are the same, or as many of them as both have.
    pub(super) fn is_akin(&self, other: &Version, count: usize) -> bool {
        self.numbers.iter().zip(&other.numbers).take(count).all(|(one, other)| one == other)
    }

    /// Its first three numbers, for those who count just so many.
    pub(super) fn three(&self) -> [u32; 3] {
        std::array::from_fn(|at| self.numbers.get(at).copied().unwrap_or(0))
    }

    /// The first three numbers that are greater than those of all versions that begin so.
    pub(super) fn three_above(&self) -> [u32; 3] {
        let mut above = self.three();
        let last = self.numbers.len().clamp(1, 3) - 1;
        above[last] += 1;
        above
    }

    /// What stands behind the numbers of a version that is not released.
    pub(super) fn pre(&self) -> Option<&str> {
        self.pre.as_deref()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.numbers.iter().map(u32::to_string).collect();
        f.write_str(&numbers.join("."))?;
        self.pre.iter().try_for_each(|pre| write!(f, "-{pre}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn versions_and_their_beginnings() {
        for (text, shown) in [
            ("1.17.3", "1.17.3"),
            ("v20.11.0", "20.11.0"),
            ("27.3.4.1", "27.3.4.1"),
            ("1.18.0-rc.0", "1.18.0-rc.0"),
            ("3.13.0rc1", "3.13.0-rc1"),
            ("3.11.7+", "3.11.7"),
            ("16", "16"),
        ] {
            assert_eq!(version(text).to_string(), shown);
        }
        for none in [
            "",
            "v",
            "latest",
            "1.",
            "1..2",
            "1.x",
            "~> 1.17",
            "1.17-alpine",
            "1.2.3.4.5.6",
            "123456789",
            "é",
        ] {
            assert_eq!(Version::parse(none), None, "{none}");
        }
    }

    #[test]
    fn a_beginning_stands_for_all_that_begin_so() {
        for (one, prefix) in
            [("1.17.3", "1.17"), ("1.17.3", "1.17.3"), ("27.3.4.1", "27.3.4"), ("1.18.0-rc.0", "1.18")]
        {
            assert!(version(one).begins_with(&version(prefix)), "{one} {prefix}");
        }
        for (one, prefix) in [
            ("1.17.3", "1.1"),
            ("1.17", "1.17.3"),
            ("1.18.0-rc.0", "1.18.0"),
            ("1.18.0", "1.18.0-rc.0"),
            ("2.0", "1"),
        ] {
            assert!(!version(one).begins_with(&version(prefix)), "{one} {prefix}");
        }
        assert!(
            version("1.17.3").is_akin(&version("1.17.0"), 2)
                && !version("1.17.3").is_akin(&version("1.16"), 2)
        );
        assert_eq!((version("1.17").three(), version("1.17").three_above()), ([1, 17, 0], [1, 18, 0]));
        assert_eq!(version("27.3.4.1").three_above(), [27, 3, 5]);
    }
}
