//! Requirements of versions as a person writes them: PostgreSQL 16 and OTP 27 are versions, too.

use crate::facts::satisfies;

/// Whether a version meets a requirement as a person writes it; `None` if either cannot be read.
pub fn meets(version: &str, requirement: &str) -> Option<bool> {
    satisfies(version, &spelled_out(requirement))
}

/// A requirement as the format has it, whose versions have three numbers. A version alone means its releases: 27 is any
/// OTP 27, and 1.17 any 1.17.
pub fn spelled_out(text: &str) -> String {
    let mut spelled = Vec::new();
    let mut before = String::new();
    for word in text.split_whitespace() {
        let start = word.find(|c| !"~><=!".contains(c)).unwrap_or(word.len());
        let (operator, rest) = word.split_at(start);
        before.push_str(operator);
        if rest.is_empty() {
            continue;
        }
        let operator = std::mem::take(&mut before);
        let is_version = rest.chars().all(|c| c.is_ascii_digit() || c == '.');
        spelled.push(match (operator.as_str(), is_version.then(|| rest.matches('.').count())) {
            ("", Some(0 | 1)) | ("~>", Some(0)) => format!("~> {rest}.0"),
            ("", Some(_)) => format!("== {rest}"),
            (">" | ">=" | "<" | "<=" | "==" | "!=", Some(0)) => format!("{operator} {rest}.0.0"),
            (">" | ">=" | "<" | "<=" | "==" | "!=", Some(1)) => format!("{operator} {rest}.0"),
            ("", None) => rest.to_owned(),
            _ => format!("{operator} {rest}"),
        });
    }
    spelled.extend(Some(before).filter(|operator| !operator.is_empty()));
    spelled.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::mistake_in_requirement;

    #[test]
    fn requirements_of_any_version() {
        for (text, version, meets) in [
            (">= 16", "16.2", true),
            (">=16", "15.14", false),
            ("~> 1.17", "1.18.3", true),
            ("~> 1.17", "2.0.0", false),
            ("~> 27", "27.3.4", true),
            ("27", "27.3.4", true),
            ("27", "28.0", false),
            ("1.17", "1.17.3", true),
            ("1.17", "1.18.0", false),
            ("1.17.3", "1.17.4", false),
            (">= 1.17 and < 1.19", "1.18.4", true),
            ("== 1.17.3", "1.17.3", true),
            ("> 3.9 or == 2.7.18", "2.7.18", true),
        ] {
            let spelled = spelled_out(text);
            assert_eq!(satisfies(version, &spelled), Some(meets), "{text} as {spelled}");
        }
        assert!(mistake_in_requirement(&spelled_out("latest")).is_some());
        assert!(mistake_in_requirement(&spelled_out(">=")).is_some());
    }

    proptest::proptest! {
        #[test]
        fn no_requirement_is_too_odd(text in r"(~>|[><=!]=?| |and|or|[0-9]{1,3}|[.a-zé-]){0,12}") {
            let _ = mistake_in_requirement(&spelled_out(&text));
        }
    }
}
