//! UTF-16 into UTF-8: PowerShell writes its files so, and says it by the mark at their beginning. Other tools of Windows
//! leave the mark out: then a NUL in every other byte says it.

/// So many bytes tell UTF-16 that has no mark.
const TELLING: usize = 8;

/// Passes bytes on as they are, or decoded if they begin as UTF-16 does.
#[derive(Default)]
pub(super) struct Decoder {
    encoding: Encoding,
    /// Bytes of a character whose rest has not come.
    held: Vec<u8>,
}

#[derive(Clone, Copy, Default)]
enum Encoding {
    /// Too few bytes have come.
    #[default]
    Open,
    Plain,
    LittleEndian,
    BigEndian,
}

impl Encoding {
    /// The encoding of a text that begins with these bytes.
    fn of(bytes: &[u8]) -> Self {
        let first = &bytes[..bytes.len().min(TELLING)];
        let nul_at = |odd: usize| first.iter().enumerate().all(|(at, byte)| (at % 2 == odd) == (*byte == 0));
        match bytes {
            [0xff, 0xfe, ..] => Encoding::LittleEndian,
            [0xfe, 0xff, ..] => Encoding::BigEndian,
            [] | [0xff | 0xfe] => Encoding::Open,
            _ if !nul_at(0) && !nul_at(1) => Encoding::Plain,
            _ if bytes.len() < TELLING => Encoding::Open,
            [0, ..] => Encoding::BigEndian,
            _ => Encoding::LittleEndian,
        }
    }
}

impl Decoder {
    /// Hands what `bytes` say to `text`.
    pub(super) fn feed(&mut self, bytes: &[u8], text: &mut impl FnMut(&[u8])) {
        if matches!(self.encoding, Encoding::Plain) {
            return text(bytes);
        }
        self.held.extend_from_slice(bytes);
        if matches!(self.encoding, Encoding::Open) {
            match Encoding::of(&self.held) {
                Encoding::Open => return,
                encoding => self.encoding = encoding,
            }
        }
        let held = std::mem::take(&mut self.held);
        let unit = match self.encoding {
            Encoding::Open | Encoding::Plain => return text(&held),
            Encoding::LittleEndian => u16::from_le_bytes,
            Encoding::BigEndian => u16::from_be_bytes,
        };
        let (pairs, odd) = held.as_chunks::<2>();
        let opens_pair = |pair: &[u8; 2]| matches!(unit(*pair), 0xd800..=0xdbff);
        let whole = pairs.len() - usize::from(pairs.last().is_some_and(opens_pair));
        self.held = [pairs[whole..].as_flattened(), odd].concat();
        let units = pairs[..whole].iter().map(|pair| unit(*pair));
        let decoded = char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER));
        text(decoded.collect::<String>().as_bytes());
    }

    /// Hands over what was held back, now that no more will come.
    pub(super) fn finish(&mut self, text: &mut impl FnMut(&[u8])) {
        let held = std::mem::take(&mut self.held);
        match self.encoding {
            _ if held.is_empty() => {}
            Encoding::Open | Encoding::Plain => text(&held),
            Encoding::LittleEndian | Encoding::BigEndian => text("\u{fffd}".as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(pieces: &[&[u8]]) -> String {
        let (mut decoder, mut out) = (Decoder::default(), Vec::new());
        pieces.iter().for_each(|piece| decoder.feed(piece, &mut |text| out.extend_from_slice(text)));
        decoder.finish(&mut |text| out.extend_from_slice(text));
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn utf_16_is_known_by_its_mark_however_it_is_cut() {
        let words = "\u{feff}‘x’ 🦀\r\n";
        let little: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            assert_eq!(decode(&[&bytes]), words);
            assert_eq!(decode(&bytes.chunks(1).collect::<Vec<_>>()), words);
            assert_eq!(decode(&bytes.chunks(3).collect::<Vec<_>>()), words);
        }
    }

    #[test]
    fn utf_16_without_its_mark_is_known_by_its_nuls() {
        let words = "error: ‘x’ 🦀\r\n";
        let little: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            assert_eq!(decode(&[&bytes]), words);
            assert_eq!(decode(&bytes.chunks(1).collect::<Vec<_>>()), words);
        }
        for bytes in [b"\0\0\0\0\0\0\0\0".as_slice(), b"a\0b\0c\0dd", b"a\0", b"a"] {
            assert_eq!(decode(&[bytes]).as_bytes(), bytes);
            assert_eq!(decode(&bytes.chunks(1).collect::<Vec<_>>()).as_bytes(), bytes);
        }
    }

    #[test]
    fn all_else_passes_as_it_is() {
        assert_eq!(decode(&[b"a", b"", b"b\n"]), "ab\n");
        assert_eq!(decode(&[b"\xff"]), "\u{fffd}");
        assert_eq!(decode(&[b"\xff", b"x"]), "\u{fffd}x");
        assert_eq!(decode(&[b"\xff\xfea\0\x3d\xd8"]), "\u{feff}a\u{fffd}");
    }
}
