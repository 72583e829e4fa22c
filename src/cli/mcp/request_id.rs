//! The id of a request that cannot be read whole, so that its caller learns of the refusal instead of waiting.

use memchr::memchr2;
use rmcp::model::RequestId;

/// A longer key or value is not the id.
const LONGEST_TOKEN: usize = 1024;

/// Looks for the id in a message that comes in pieces. Only keys and values right in the message's own object count: what
/// arguments and logs hold may look like an id, too.
#[derive(Default)]
pub(super) struct IdSearch {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// It is no object, or there is something beside the object.
    is_broken: bool,
    key: Vec<u8>,
    token: Vec<u8>,
    ids: Vec<Vec<u8>>,
}

impl IdSearch {
    pub(super) fn read(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if !self.in_string {
                self.structure(byte);
                bytes = rest;
            } else if self.is_escaped {
                self.is_escaped = false;
                self.keep(&[byte]);
                bytes = rest;
            } else {
                let end = memchr2(b'"', b'\\', bytes).map_or(bytes.len(), |at| at + 1);
                let (text, after) = bytes.split_at(end);
                self.keep(text);
                match text.last() {
                    Some(b'"') => self.in_string = false,
                    Some(b'\\') => self.is_escaped = true,
                    _ => {}
                }
                bytes = after;
            }
        }
    }

    /// The id, if what was read names just one.
    pub(super) fn found(&self) -> Option<RequestId> {
        match self.ids.as_slice() {
            [id] if !self.is_broken => serde_json::from_slice(id).ok(),
            _ => None,
        }
    }

    /// The same for a whole message.
    pub(super) fn found_in_whole(&self) -> Option<RequestId> {
        self.found().filter(|_| self.depth == 0 && !self.in_string)
    }

    fn structure(&mut self, byte: u8) {
        match (self.depth, byte) {
            (_, b' ' | b'\t' | b'\r' | b'\n') => {}
            (0, b'{') if self.ids.is_empty() => self.depth = 1,
            (0, _) => self.is_broken = true,
            (_, b'{' | b'[') => self.depth += 1,
            (1, b',' | b'}' | b']') => {
                self.end_value();
                self.depth -= usize::from(byte != b',');
            }
            (_, b'}' | b']') => self.depth -= 1,
            (1, b':') => self.key = std::mem::take(&mut self.token),
            _ => {
                self.in_string = byte == b'"';
                self.keep(&[byte]);
            }
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.depth == 1 && self.token.len() + bytes.len() <= LONGEST_TOKEN {
            self.token.extend_from_slice(bytes);
        }
    }

    fn end_value(&mut self) {
        let value = std::mem::take(&mut self.token);
        // Two are as good as none, and a third says nothing new.
        if std::mem::take(&mut self.key) == b"\"id\"" && self.ids.len() < 2 {
            self.ids.push(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(message: &str) -> IdSearch {
        let mut search = IdSearch::default();
        // However the pieces are cut, it is the same.
        for byte in message.as_bytes() {
            search.read(std::slice::from_ref(byte));
        }
        let mut whole = IdSearch::default();
        whole.read(message.as_bytes());
        assert_eq!(search.found(), whole.found(), "{message}");
        whole
    }

    #[test]
    fn the_id_is_that_of_the_message() {
        for message in [
            r#"{"jsonrpc":"2.0","id":7,"method":"#,
            r#"{"id" : 7 }"#,
            r#"{"method":"tools/call","params":{"id":9,"log":"\"id\":8,"},"id":7}"#,
            r#"{"params":[[{"id":9}]],"log":"\\","id":7,"#,
        ] {
            assert_eq!(searched(message).found(), Some(RequestId::Number(7)), "{message}");
        }
        let named = searched(r#"{"id":"a\"b","method":1}"#).found_in_whole();
        assert_eq!(named, Some(RequestId::String("a\"b".into())));
    }

    #[test]
    fn what_is_not_sure_is_no_id() {
        for message in [
            "garbage",
            r#"{"id":7"#,
            r#"{"id":1.5,"#,
            r#"{"id":null,"#,
            r#"{"id":{"a":1},"#,
            r#"{"id":[1],"#,
            r#"{"id":7,"id":8}"#,
            r#"{"params":{"id":7},"#,
            r#"["id",7]"#,
            r#"[{"id":7}]"#,
            r#"{"id":7}{"id":8}"#,
            r#"}{"id":7}"#,
            r#"{"a":"{"id":7}"#,
        ] {
            assert_eq!(searched(message).found(), None, "{message}");
        }
        assert_eq!(searched(r#"{"id":7,"log":"cut"#).found_in_whole(), None);
        assert_eq!(searched(&format!(r#"{{"id":"{}",""#, "7".repeat(2000))).found(), None);
    }
}
