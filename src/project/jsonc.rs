//! JSON as editors write it: with comments and trailing commas, and every value with its place.

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::located::is_large;

/// No configuration is nested as deeply as this.
const DEEPEST: usize = 64;

/// Reads a text; `None`: there is nothing in it.
///
/// # Errors
/// Where it is wrong, as a byte of the text, and why.
pub(crate) fn parse_jsonc(text: &str) -> Result<Option<Value<'_>>, (usize, String)> {
    if is_large(text) {
        return Err((0, "it is too large to be read".to_owned()));
    }
    if let Some(offset) = too_deep(text) {
        return Err((offset, "it is too deeply nested to be read".to_owned()));
    }
    match parse_to_ast(text, &CollectOptions::default(), &jsonc_options()) {
        Ok(parsed) => Ok(parsed.value),
        Err(error) => Err((error.range().start, error.kind().to_string())),
    }
}

/// What is allowed beyond JSON.
pub(crate) fn jsonc_options() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// Where brackets nest too deeply. Those in texts and comments count too: no configuration has so many.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(offset);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_are_no_mistakes() {
        assert!(parse_jsonc("{ // why\n \"a\": [1, 2,], /* and */ }\n").unwrap().is_some());
        assert!(parse_jsonc("  // nothing\n").unwrap().is_none());
        let (offset, why) = parse_jsonc("{\"model\": \"a/b\" \"x\": 1}").unwrap_err();
        assert!(offset == 15 && why.contains("comma"), "{offset} {why}");
        for wrong in ["{a: 1}", "{'a': 1}", "{\"a\": +1}", "{\"a\": }", "{\"a\": 1", "1 2"] {
            assert!(parse_jsonc(wrong).is_err(), "{wrong}");
        }
        assert!(parse_jsonc(&"[".repeat(100_000)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"([\[\]{}:,"'/*\\ \n]|true|"a"|\\u12|é)*"#) {
            let _ = parse_jsonc(&text);
        }
    }
}
