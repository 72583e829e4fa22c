//! The first words between a client of Nix and the daemon.

/// What a client says to be greeted. It speaks version 1.35 of the protocol, which says whether it trusts the user, and
/// no later one, in which there are questions in between. Then nothing more: the daemon takes the end for a good-bye.
pub const HELLO: [u8; 32] = {
    let mut hello = [0; 32];
    let (magic, version) = (0x6e69_7863_u64.to_le_bytes(), 0x0123_u64.to_le_bytes());
    let mut at = 0;
    while at < 8 {
        hello[at] = magic[at];
        hello[8 + at] = version[at];
        at += 1;
    }
    // Two zeros follow: no processor is asked for, and no space reserved.
    hello
};

/// The bytes that every daemon answers.
pub const GREETING: usize = 24;

/// The bytes that follow those, where the daemon tells its version: without the version itself.
pub const NEXT: usize = 16;

const MAGIC: u64 = 0x6478_696f;

/// What a daemon said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Daemon {
    /// The version of the protocol, such as `(1, 38)`.
    pub protocol: (u64, u64),
    /// How many bytes it takes to hear all that it says.
    pub all: usize,
    /// The version of Nix.
    pub version: Option<String>,
    /// Whether it trusts the user.
    pub trusts: Option<bool>,
}

/// Reads what a daemon answered to [`HELLO`]; `None`: whatever listens there is no Nix daemon.
pub fn daemon(answer: &[u8]) -> Option<Daemon> {
    let number = |at: usize| {
        let bytes = answer.get(at..at + 8)?;
        Some(u64::from_le_bytes(bytes.try_into().ok()?))
    };
    let version = number(8)?;
    if number(0)? != MAGIC {
        return None;
    }
    let mut daemon =
        Daemon { protocol: (version >> 8, version & 0xff), all: GREETING, version: None, trusts: None };
    if daemon.protocol < (1, 33) {
        return Some(daemon);
    }
    let length = usize::try_from(number(16)?).ok().filter(|length| *length <= 256)?;
    let padded = length.div_ceil(8) * 8;
    let trust = daemon.protocol >= (1, 35);
    daemon.all = GREETING + padded + if trust { NEXT } else { NEXT / 2 };
    daemon.version = answer
        .get(GREETING..GREETING + length)
        .and_then(|text| std::str::from_utf8(text).ok())
        .map(str::to_owned);
    daemon.trusts = match number(GREETING + padded) {
        Some(1) if trust => Some(true),
        Some(2) if trust => Some(false),
        _ => None,
    };
    Some(daemon)
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    fn heard(hex: &str) -> Option<Daemon> {
        daemon(&HEXLOWER.decode(hex.as_bytes()).unwrap())
    }

    #[test]
    fn daemons_of_several_versions() {
        assert_eq!(
            HEXLOWER.encode(&HELLO),
            "6378696e00000000230100000000000000000000000000000000000000000000"
        );
        let old = heard("6f6978640000000022010000000000000500000000000000322e382e3000000073746c6100000000")
            .unwrap();
        assert_eq!((old.protocol, old.version.as_deref(), old.trusts), ((1, 34), Some("2.8.0"), None));
        assert_eq!(old.all, 40);
        let new = "6f6978640000000026010000000000000600000000000000322e33342e380000020000000000000073746c6100000000";
        let daemon = heard(new).unwrap();
        assert_eq!((daemon.version.as_deref(), daemon.trusts, daemon.all), (Some("2.34.8"), Some(false), 48));
        let first = heard(&new[..2 * GREETING]).unwrap();
        assert_eq!((first.version, first.trusts, first.all), (None, None, 48));
        let oldest = heard("6f69786400000000150100000000000073746c6100000000").unwrap();
        assert_eq!((oldest.protocol, oldest.all), ((1, 21), GREETING));
        assert_eq!(heard("485454502f312e3120343030204261640d0a"), None);
        assert_eq!(heard(""), None);
    }

    proptest::proptest! {
        #[test]
        fn no_answer_is_too_odd(tail in proptest::collection::vec(0_u8.., 0..64)) {
            let _ = daemon(&tail);
            let mut answer = MAGIC.to_le_bytes().to_vec();
            answer.extend(tail);
            let _ = daemon(&answer);
        }
    }
}
