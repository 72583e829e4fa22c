//! What a line of a client's says: a message, or why it is none. Agents cut logs anywhere, so what is only not text is read as
//! well as it can be.

use memchr::memchr;
use rmcp::model::{ClientJsonRpcMessage, ErrorCode, RequestId};
use serde_json::{Value as Json, json};

use super::request_id::IdSearch;

/// What a line says.
#[derive(Debug)]
pub(super) enum Heard {
    Message(Box<ClientJsonRpcMessage>),
    /// Nobody waits for an answer to it.
    Nothing,
    Refused(Refusal),
}

/// Why a line is not a message.
#[derive(Debug)]
pub(super) struct Refusal {
    code: ErrorCode,
    why: String,
    id: Option<RequestId>,
}

impl Refusal {
    pub(super) fn too_long(longest: usize, id: Option<RequestId>) -> Refusal {
        let why = format!(
            "the message is longer than {} MiB: leave the log in a file of the project, and name that as `file`",
            longest / (1024 * 1024)
        );
        Refusal { code: ErrorCode::INVALID_REQUEST, why, id }
    }

    fn invalid(why: &str, id: Option<RequestId>) -> Refusal {
        Refusal { code: ErrorCode::INVALID_REQUEST, why: format!("Invalid Request: {why}"), id }
    }

    /// The answer. An id that cannot be told is null, as JSON-RPC wants it: clients refuse an answer without any.
    pub(super) fn line(&self) -> String {
        let error = json!({"code": self.code, "message": self.why});
        format!("{}\n", json!({"jsonrpc": "2.0", "id": self.id, "error": error}))
    }
}

/// Reads a line.
pub(super) fn hear(line: Vec<u8>) -> Heard {
    let text = repaired(line);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).trim_ascii();
    if text.is_empty() {
        return Heard::Nothing;
    }
    match serde_json::from_str(text) {
        Ok(message) => Heard::Message(Box::new(message)),
        Err(_) => refused(text),
    }
}

/// The line as text that JSON can hold: what is neither UTF-8 nor a character becomes U+FFFD.
fn repaired(mut line: Vec<u8>) -> String {
    replace_lone_surrogates(&mut line);
    String::from_utf8(line).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// JavaScript writes half of a character so, if a string is cut in its middle.
fn replace_lone_surrogates(line: &mut [u8]) {
    let mut at = 0;
    while let Some(next) = memchr(b'\\', &line[at..]) {
        at += next;
        let is_lone = match unit(line, at) {
            Some(0xD800..=0xDBFF) if matches!(unit(line, at + 6), Some(0xDC00..=0xDFFF)) => {
                at += 12;
                continue;
            }
            Some(0xD800..=0xDFFF) => true,
            _ => false,
        };
        if is_lone {
            line[at..at + 6].copy_from_slice(br"\ufffd");
        }
        // Past an escaped backslash, too, which begins nothing.
        at = (at + 2).min(line.len());
    }
}

/// The UTF-16 code unit that is escaped there.
fn unit(line: &[u8], at: usize) -> Option<u16> {
    let digits = line.get(at..at + 6)?.strip_prefix(br"\u")?;
    digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)? as u16))
}

fn refused(text: &str) -> Heard {
    let message: Json = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(fault) => {
            let sound =
                if fault.is_eof() { text.len() } else { fault.column().saturating_sub(1).min(text.len()) };
            let mut search = IdSearch::default();
            search.read(&text.as_bytes()[..sound]);
            let why = format!("Parse error: the message is not JSON: {fault}");
            return Heard::Refused(Refusal { code: ErrorCode::PARSE_ERROR, why, id: search.found() });
        }
    };
    let Json::Object(message) = message else {
        let why = match message.is_array() {
            true => "several messages at once are not understood: send each in a line of its own",
            false => "a message is an object",
        };
        return Heard::Refused(Refusal::invalid(why, None));
    };
    let id = message.get("id").cloned();
    let is_answer =
        !message.contains_key("method") && ["result", "error"].iter().any(|it| message.contains_key(*it));
    let has_version = message.get("jsonrpc").is_some_and(|version| version == "2.0");
    let has_method = message.get("method").is_some_and(Json::is_string);
    // To an answer there is none, or two programs could refuse one another for ever. Notifications have none either.
    if is_answer || (has_version && has_method && id.is_none()) {
        return Heard::Nothing;
    }
    let is_named = id.is_some();
    let id = id.and_then(|id| serde_json::from_value::<RequestId>(id).ok());
    let why = match () {
        () if !has_version => "`jsonrpc` must be \"2.0\"",
        () if !has_method => "`method` must be a string",
        () if is_named && id.is_none() => "`id` must be a string or an integer",
        () if message.get("params").is_some_and(|params| !params.is_object()) => "`params` must be an object",
        () => "this is no request of the Model Context Protocol",
    };
    Heard::Refused(Refusal::invalid(why, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    fn read(line: &[u8]) -> String {
        repaired(line.to_vec())
    }

    fn answer(line: &[u8]) -> Json {
        match hear(line.to_vec()) {
            Heard::Refused(refusal) => serde_json::from_str(&refusal.line()).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn half_a_character_is_read_as_the_replacement_character() {
        for (line, text) in [
            (r#""cut \ud83d""#, r#""cut \ufffd""#),
            (r#""\ude00 cut""#, r#""\ufffd cut""#),
            (r#""\uD83D\uDE00""#, r#""\uD83D\uDE00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ud83d\n\ude00""#, r#""\ufffd\n\ufffd""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
            (r#""\ud83""#, r#""\ud83""#),
            (r#""\u+d83""#, r#""\u+d83""#),
            (r#""\"#, r#""\"#),
            (r#""\ud83d"#, r#""\ufffd"#),
        ] {
            assert_eq!(read(line.as_bytes()), text, "{line}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_read_as_the_replacement_character() {
        assert_eq!(read(b"\"a\xFFb\""), "\"a\u{fffd}b\"");
        assert_eq!(read(b"\"\xF0\x9F\x98\""), "\"\u{fffd}\"");
        assert_eq!(read("\"😀\"".as_bytes()), "\"😀\"");
    }

    #[test]
    fn what_is_no_json_is_a_parse_error_with_its_id_where_that_is_sure() {
        for (line, id) in [
            (&b"garbage"[..], Json::Null),
            (b"{", Json::Null),
            (br#"{"jsonrpc":"2.0","id":7,"method":"#, json!(7)),
            (br#"{"jsonrpc":"2.0","id":"seven","method":nonsense}"#, json!("seven")),
            (br#"{"jsonrpc":"2.0","method":nonsense,"id":7}"#, Json::Null),
            (b"{\"id\":7,\"method\":\"a\tb\"}", json!(7)),
        ] {
            let answer = answer(line);
            assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(-32700), &id), "{answer}");
            assert!(answer.as_object().unwrap().contains_key("id"), "{answer}");
        }
    }

    #[test]
    fn json_that_is_no_request_is_an_invalid_request() {
        for (line, id, said) in [
            ("[1, 2]", Json::Null, "a line of its own"),
            ("7", Json::Null, "an object"),
            ("{}", Json::Null, "`jsonrpc`"),
            (r#"{"id":7,"method":"ping"}"#, json!(7), "`jsonrpc`"),
            (r#"{"jsonrpc":"1.0","id":7,"method":"ping"}"#, json!(7), "`jsonrpc`"),
            (r#"{"jsonrpc":"2.0","id":7}"#, json!(7), "`method`"),
            (r#"{"jsonrpc":"2.0","method":1}"#, Json::Null, "`method`"),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, Json::Null, "`id`"),
            (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, Json::Null, "`id`"),
            (r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":"explain"}"#, json!(7), "`params`"),
            (r#"{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}"#, json!(7), "no request"),
        ] {
            let answer = answer(line.as_bytes());
            assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(-32600), &id), "{answer}");
            assert!(answer["error"]["message"].as_str().unwrap().contains(said), "{answer}");
        }
    }

    #[test]
    fn nobody_waits_for_an_answer_to_an_answer_or_a_notification() {
        for line in [
            "",
            " \r",
            "\u{feff}",
            r#"{"jsonrpc":"2.0","id":1.5,"result":{}}"#,
            r#"{"id":7,"error":"wrong"}"#,
        ] {
            assert!(matches!(hear(line.as_bytes().to_vec()), Heard::Nothing), "{line}");
        }
    }

    proptest! {
        #[test]
        fn a_string_of_any_code_units_is_read_as_a_string_of_as_many_characters(
            units in prop::collection::vec(prop_oneof![any::<u16>(), 0xD7F0_u16..0xE010], 0..20)
        ) {
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let text: String = serde_json::from_str(&read(format!("\"{escaped}\"").as_bytes())).unwrap();
            prop_assert_eq!(text, String::from_utf16_lossy(&units));
        }

        #[test]
        fn no_line_is_too_odd(line in prop::collection::vec(any::<u8>(), 0..200)) {
            hear(line);
        }
    }
}
