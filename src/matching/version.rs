//! The version in what a program prints of itself.

/// The first version in a text: numbers with dots between, which may stand behind letters as in `jq-1.7.1` or `v22.1.0`;
/// a single number only where the text has none with dots.
pub fn version_in(text: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let mut single = None;
    let mut rest = 0;
    while let Some(start) = text[rest..].find(|c: char| c.is_ascii_digit()).map(|at| rest + at) {
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        let found = text[start..end].trim_end_matches('.');
        if found.contains('.') {
            return Some(&text[start..with_mark(text, start + found.len())]);
        }
        single = single.or(Some(found));
        rest = end;
    }
    single
}

/// Where a version ends with its mark of a release before it, as `-rc.1`.
fn with_mark(text: &str, end: usize) -> usize {
    let marks = ["-rc", "-alpha", "-beta", "-dev", "-pre"];
    if !marks.iter().any(|mark| text[end..].starts_with(mark)) {
        return end;
    }
    let in_mark = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let length = text[end..].find(|c| !in_mark(c)).unwrap_or(text.len() - end);
    end + text[end..end + length].trim_end_matches(['.', '-']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_programs_print_them() {
        for (text, version) in [
            ("jq-1.7.1\n", Some("1.7.1")),
            ("git version 2.39.5 (Apple Git-154)", Some("2.39.5")),
            ("psql (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", Some("15.14")),
            ("v22.1.0", Some("22.1.0")),
            ("Elixir 1.19.0-rc.0 (compiled with Erlang/OTP 28)", Some("1.19.0-rc.0")),
            ("GNU Make 4.3.", Some("4.3")),
            ("OTP 27", Some("27")),
            ("x86 tool 1.2", Some("1.2")),
            ("none", None),
            ("", None),
        ] {
            assert_eq!(version_in(text), version, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r"[0-9.v é-]{0,24}(-rc)?[.0-9-]{0,4}") {
            let _ = version_in(&text);
        }
    }
}
