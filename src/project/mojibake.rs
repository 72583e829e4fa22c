//! Text in UTF-8 that was once read as Windows-1252 or Latin-1, and saved again: `Ã©` for `é`.

use encoding_rs::WINDOWS_1252;

use super::located::Located;

/// Characters that were garbled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Garbled {
    /// What stands there.
    pub now: String,
    /// What was meant.
    pub meant: String,
}

/// The garbled characters of a text, in order; those that stand together are one.
pub fn mojibake(text: &str) -> Vec<Located<Garbled>> {
    let mut found = Vec::new();
    let mut run: Vec<(usize, char, u8)> = Vec::new();
    for (offset, character) in text.char_indices().chain([(text.len(), '\n')]) {
        match byte(character) {
            Some(byte) => run.push((offset, character, byte)),
            None => {
                decode(&run, &mut found);
                run.clear();
            }
        }
    }
    found
}

/// The byte that was taken for a character, of those that are no ASCII.
fn byte(character: char) -> Option<u8> {
    match character {
        '\0'..='\x7f' => None,
        // Latin-1; Windows-1252 has the same but for control characters, and those it has no others for.
        '\u{80}'..='\u{ff}' => u8::try_from(u32::from(character)).ok(),
        _ => match &*WINDOWS_1252.encode(character.encode_utf8(&mut [0; 4])).0 {
            [byte] if *byte >= 0x80 => Some(*byte),
            _ => None,
        },
    }
}

/// Reads the bytes of characters that stand together as UTF-8, where they are.
fn decode(run: &[(usize, char, u8)], found: &mut Vec<Located<Garbled>>) {
    let mut rest = run;
    let mut open: Option<Located<Garbled>> = None;
    while let [(offset, ..), ..] = rest {
        let length = match rest[0].2 {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        let bytes: Vec<u8> = rest.iter().take(length).map(|(.., byte)| *byte).collect();
        match std::str::from_utf8(&bytes) {
            Ok(meant) if length > 1 && bytes.len() == length => {
                let now = rest.iter().take(length).map(|(_, character, _)| *character);
                let garbled = open.get_or_insert_with(|| Located {
                    value: Garbled { now: String::new(), meant: String::new() },
                    offset: *offset,
                });
                garbled.value.now.extend(now);
                garbled.value.meant.push_str(meant);
                rest = &rest[length..];
            }
            _ => {
                found.extend(open.take().filter(|it| is_likely(&it.value)));
                rest = &rest[1..];
            }
        }
    }
    found.extend(open.filter(|it| is_likely(&it.value)));
}

/// Two characters may stand together by themselves, as in `MENÜ“`; longer ones, and those that stand for a letter or
/// sign of Latin-1, do not.
fn is_likely(garbled: &Garbled) -> bool {
    garbled.now.chars().count() > 2 || garbled.now.starts_with(['Â', 'Ã'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Windows-1252 makes of a text in UTF-8.
    fn garble(text: &str) -> String {
        WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    fn meant(text: &str) -> Vec<String> {
        mojibake(text).into_iter().map(|it| it.value.meant).collect()
    }

    #[test]
    fn what_was_meant_comes_out() {
        for text in ["🔗", "🖥", "é", "naïve", "—", "’", "“x”", "→", "привет", "日本", "✅", "©", "½"]
        {
            let expected: Vec<String> = text
                .split(|c: char| c.is_ascii())
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect();
            assert_eq!(meant(&garble(text)), expected, "{}", garble(text));
        }
        let found = mojibake("echo \"ðŸ”— Linking\"");
        assert_eq!(found, [Located { value: Garbled { now: "ðŸ”—".into(), meant: "🔗".into() }, offset: 6 }]);
        let latin1: String = "é✓".bytes().map(char::from).collect();
        assert_eq!(meant(&latin1), ["é✓"]);
    }

    #[test]
    fn text_that_is_right_is_left_alone() {
        for text in [
            "plain",
            "é",
            "naïve café",
            "„MENÜ“",
            "SÜ“",
            "Straße — 5 €",
            "привет",
            "日本",
            "🔗 ok",
            "«À»",
            "Ärger…",
            "100 °C ± 2",
            "Łódź",
            "ÄÖÜ",
            "“quoted”",
            "l’été",
            "Ça",
            "→ ✓ ✗",
            "",
        ] {
            assert_eq!(mojibake(text), [], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_garbled_text_is_seen(text in "[à-ÿ✀-➿一-丏😀-😏]{2,8}") {
            proptest::prop_assert_eq!(meant(&garble(&text)).concat(), text);
        }

        #[test]
        fn any_text_ends(text in "\\PC{0,100}") {
            let _ = mojibake(&text);
        }
    }
}
