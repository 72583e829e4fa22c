//! What compiled an application, as Mix writes it down beside it.

use std::fmt;

/// The versions that compiled an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledBy {
    /// Elixir's version.
    pub elixir: String,
    /// OTP's release, such as `27`.
    pub otp: String,
}

impl fmt::Display for CompiledBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Elixir {}, OTP {}", self.elixir, self.otp)
    }
}

/// Reads a `compile.elixir_scm`: an external term `{manifest's version, {elixir, otp}, scm, …}`.
///
/// Only what every version of Mix since 1.3 begins it with is read.
pub fn compiled_by(manifest: &[u8]) -> Option<CompiledBy> {
    let mut term = Term(manifest);
    (term.byte()? == VERSION).then_some(())?;
    (term.tuple()? >= 2).then_some(())?;
    term.skip_version()?;
    (term.tuple()? == 2).then_some(())?;
    Some(CompiledBy { elixir: term.binary()?, otp: term.string()? })
}

// The tags of https://www.erlang.org/doc/apps/erts/erl_ext_dist.html
const VERSION: u8 = 131;
const SMALL_TUPLE: u8 = 104;
const SMALL_INTEGER: u8 = 97;
const BINARY: u8 = 109;
const STRING: u8 = 107;
/// Atoms with a length of one byte, and of two.
const SHORT_ATOMS: [u8; 2] = [115, 119];
const ATOMS: [u8; 2] = [100, 118];

struct Term<'a>(&'a [u8]);

impl<'a> Term<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn length(&mut self, bytes: usize) -> Option<usize> {
        Some(self.take(bytes)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
    }

    fn tuple(&mut self) -> Option<usize> {
        (self.byte()? == SMALL_TUPLE).then(|| self.length(1))?
    }

    /// The manifest's own version: a number, and an atom in older versions of Mix.
    fn skip_version(&mut self) -> Option<()> {
        let length = match self.byte()? {
            SMALL_INTEGER => 1,
            tag if SHORT_ATOMS.contains(&tag) => self.length(1)?,
            tag if ATOMS.contains(&tag) => self.length(2)?,
            _ => return None,
        };
        self.take(length).map(|_| ())
    }

    fn binary(&mut self) -> Option<String> {
        let length = (self.byte()? == BINARY).then(|| self.length(4))??;
        self.text(length)
    }

    fn string(&mut self) -> Option<String> {
        let length = (self.byte()? == STRING).then(|| self.length(2))??;
        self.text(length)
    }

    fn text(&mut self, length: usize) -> Option<String> {
        let text = std::str::from_utf8(self.take(length)?).ok()?;
        (!text.is_empty() && text.len() < 64 && text.bytes().all(|byte| byte.is_ascii_graphic()))
            .then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(manifest: &[u8]) -> Option<(String, String)> {
        compiled_by(manifest).map(|by| (by.elixir, by.otp))
    }

    #[test]
    fn what_every_version_of_mix_writes() {
        let by = |elixir: &str, otp: &str| Some((elixir.to_owned(), otp.to_owned()));
        // Mix 1.14 on OTP 25, 1.18 on OTP 27 and 1.20 on OTP 29.
        let old = b"\x83h\x03a\x01h\x02m\0\0\0\x061.14.0k\0\x0225d\0\x13Elixir.Mix.SCM.Path";
        assert_eq!(read(old), by("1.14.0", "25"));
        let newer = b"\x83h\x03a\x01h\x02m\0\0\0\x061.18.3k\0\x0227w\x13Elixir.Mix.SCM.Path";
        assert_eq!(read(newer), by("1.18.3", "27"));
        let newest = b"\x83h\x04a\x02h\x02m\0\0\0\x061.20.4k\0\x0229w\x13Elixir.Mix.SCM.Pathw\x03nil";
        assert_eq!(read(newest), by("1.20.4", "29"));
        let oldest = b"\x83h\x03d\0\x02v1h\x02m\0\0\0\x051.6.0k\0\x0220d\0\x13Elixir.Mix.SCM.Path";
        assert_eq!(read(oldest), by("1.6.0", "20"));
    }

    #[test]
    fn what_is_no_manifest() {
        for none in [
            &b""[..],
            b"\x83",
            b"text",
            b"\x83h\x03a\x01h\x02m\xff\xff\xff\xff1.18",
            b"\x83h\x03a\x01h\x02m\0\0\0\0k\0\x0227",
            b"\x83h\x03a\x01h\x02m\0\0\0\x01\x1bk\0\x0227",
            b"\x83h\x01a\x01",
        ] {
            assert_eq!(read(none), None, "{none:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes: Vec<u8>) {
            let _ = compiled_by(&bytes);
            let begun = [b"\x83h\x03a\x01h\x02m".as_slice(), &bytes].concat();
            let _ = compiled_by(&begun);
        }
    }
}
