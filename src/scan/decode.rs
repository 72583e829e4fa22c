//! UTF-16 into UTF-8: PowerShell writes its files so, and says it by the mark at their beginning.

/// Passes bytes on as they are, or decoded if they begin with UTF-16's mark.
#[derive(Default)]
pub(super) struct Decoder {
    encoding: Encoding,
    /// Bytes of a character whose rest has not come.
    held: Vec<u8>,
}

#[derive(Clone, Copy, Default)]
enum Encoding {
    /// Fewer than two bytes have come.
    #[default]
    Open,
    Plain,
    LittleEndian,
    BigEndian,
}

impl Decoder {
    /// Hands what `bytes` say to `text`.
    pub(super) fn feed(&mut self, bytes: &[u8], text: &mut impl FnMut(&[u8])) {
        if matches!(self.encoding, Encoding::Plain) {
            return text(bytes);
        }
        self.held.extend_from_slice(bytes);
        if matches!(self.encoding, Encoding::Open) {
            self.encoding = match self.held[..] {
                [0xff, 0xfe, ..] => Encoding::LittleEndian,
                [0xfe, 0xff, ..] => Encoding::BigEndian,
                [] | [0xff | 0xfe] => return,
                _ => Encoding::Plain,
            };
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
    fn all_else_passes_as_it_is() {
        assert_eq!(decode(&[b"a", b"", b"b\n"]), "ab\n");
        assert_eq!(decode(&[b"\xff"]), "\u{fffd}");
        assert_eq!(decode(&[b"\xff", b"x"]), "\u{fffd}x");
        assert_eq!(decode(&[b"\xff\xfea\0\x3d\xd8"]), "\u{feff}a\u{fffd}");
    }
}
