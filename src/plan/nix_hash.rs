//! Nix's hashes in every notation that a Nix file may hold them in.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

/// Algorithms with the length of their hashes in bytes.
const ALGORITHMS: &[(&str, usize)] = &[("md5", 16), ("sha1", 20), ("sha256", 32), ("sha512", 64)];

/// A hash, whichever way it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NixHash {
    algorithm: &'static str,
    bytes: Vec<u8>,
}

/// A way to write a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// `sha256-` and base 64.
    Sri,
    /// Nix's own base 32.
    Base32,
    /// Base 16.
    Base16,
    /// Base 64 alone.
    Base64,
}

impl Notation {
    /// Every notation.
    pub(super) const ALL: [Notation; 4] =
        [Notation::Sri, Notation::Base32, Notation::Base16, Notation::Base64];
}

impl NixHash {
    /// Reads `sha256-…`, `sha256:…`, or the bare hash, whose length tells the algorithm.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (named, digits) = match text.split_once(['-', ':']) {
            Some((name, digits)) => {
                (Some(ALGORITHMS.iter().find(|(algorithm, _)| *algorithm == name)?), digits)
            }
            None => (None, text),
        };
        let fits = |(algorithm, length): &'static (&'static str, usize)| {
            let bytes = decode(digits, *length)?;
            Some(NixHash { algorithm, bytes })
        };
        match named {
            Some(algorithm) => fits(algorithm),
            None => ALGORITHMS.iter().find_map(fits),
        }
    }

    /// The hash in a notation.
    pub(super) fn write(&self, notation: Notation) -> String {
        match notation {
            Notation::Sri => format!("{}-{}", self.algorithm, BASE64.encode(&self.bytes)),
            Notation::Base32 => nix_base32::to_nix_base32(&self.bytes),
            Notation::Base16 => HEXLOWER_PERMISSIVE.encode(&self.bytes),
            Notation::Base64 => BASE64.encode(&self.bytes),
        }
    }

    /// Whether it is the stand-in for "not known yet": all zero.
    pub(super) fn is_placeholder(&self) -> bool {
        self.bytes.iter().all(|&byte| byte == 0)
    }

    /// Whether both are of one algorithm.
    pub(super) fn same_algorithm(&self, other: &NixHash) -> bool {
        self.algorithm == other.algorithm
    }
}

fn decode(digits: &str, length: usize) -> Option<Vec<u8>> {
    let base32 = (length * 8).div_ceil(5);
    let bytes = match digits.len() {
        found if found == length * 2 => HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok(),
        found if found == base32 => nix_base32::from_nix_base32(digits),
        _ => BASE64.decode(digits.as_bytes()).ok(),
    }?;
    (bytes.len() == length).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // `nix hash to-base32 --type sha256` and its sisters say so.
    const EMPTY: [&str; 4] = [
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ];

    #[test]
    fn every_notation_is_read_and_written() {
        for text in EMPTY {
            let hash = NixHash::parse(text).unwrap();
            assert_eq!(Notation::ALL.map(|notation| hash.write(notation)), EMPTY);
        }
        assert_eq!(NixHash::parse(&format!("sha256:{}", EMPTY[1])), NixHash::parse(EMPTY[0]));
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        for text in ["", "a", "sha256-", "md6-abc", "sha256-é", "zzzz", &"e".repeat(52), &"é".repeat(26)] {
            assert_eq!(NixHash::parse(text), None, "{text}");
        }
        assert!(NixHash::parse(&"0".repeat(52)).unwrap().is_placeholder());
        assert!(NixHash::parse(&"0".repeat(64)).unwrap().is_placeholder());
    }
}
