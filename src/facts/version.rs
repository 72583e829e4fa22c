//! Versions and the requirements that they meet, as Elixir's `Version` has them.

use hexpm::version::{Range, Version};

/// A longer text is no requirement that a person wrote.
const LONGEST: usize = 256;
/// With longer numbers the reckoning with versions would overflow.
const MOST_DIGITS: usize = 8;

/// Whether a text with versions in it is short enough to reckon with.
pub fn is_bounded(text: &str) -> bool {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    text.len() <= LONGEST && numbers.map(str::len).all(|digits| digits <= MOST_DIGITS)
}

/// Reads a requirement.
///
/// # Errors
/// Why the text is none.
pub fn requirement(text: &str) -> Result<Range, String> {
    if !is_bounded(text) {
        return Err("it is too long, or a number in it is".to_owned());
    }
    Range::new(text.to_owned()).map_err(|error| error.to_string())
}

/// Says why a text is no requirement; `None` if it is one.
pub fn mistake_in_requirement(text: &str) -> Option<String> {
    requirement(text).err()
}

/// Whether a version meets a requirement such as `~> 1.17 or >= 2.0.0`; `None` if either cannot be read.
pub fn satisfies(version: &str, required: &str) -> Option<bool> {
    let range = requirement(required).ok()?;
    Some(range.to_pubgrub().contains(&comparable(version)?))
}

/// A version of any tool as one of three numbers: `27.3.4.1` is 27.3.4, `17.6` is 17.6.0, and asdf's `1.17.3-otp-27`
/// is 1.17.3. `None` for what does not begin with a number.
pub fn comparable(version: &str) -> Option<Version> {
    let version = version.trim().trim_start_matches('v');
    let version = version.split(char::is_whitespace).next()?;
    let version = version.split_once("-otp-").map_or(version, |(version, _)| version);
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let (numbers, rest) = version.split_at(end);
    let mut numbers = numbers.split('.').filter(|number| !number.is_empty()).map(str::parse::<u32>);
    let mut next = || numbers.next().transpose().ok();
    let (major, minor, patch) = (next()??, next()?.unwrap_or(0), next()?.unwrap_or(0));
    let plain = Version::new(major, minor, patch);
    // A mark such as `-rc.1` counts; what follows a plus sign, or is no mark at all, does not.
    match rest.strip_prefix('-') {
        Some(_) => Version::parse(&format!("{major}.{minor}.{patch}{rest}")).ok().or(Some(plain)),
        None => Some(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_any_tool_compare() {
        for (version, requirement, meets) in [
            ("1.14.0", "~> 1.17", false),
            ("1.18.3", "~> 1.17", true),
            ("1.18.3", "~> 1.17.0", false),
            ("1.17.3-otp-27", "== 1.17.3", true),
            ("27.3.4.1", ">= 26.0.0 and < 28.0.0", true),
            ("17.6", ">= 17.0.0", true),
            ("17", "< 17.0.0", false),
            ("v22.1.0", "~> 22.0", true),
            ("1.19.0-rc.0", ">= 1.19.0", false),
            ("1.19.0-rc.0", "~> 1.18", true),
            ("2.39.5 (Apple Git-154)", "~> 2.39", true),
        ] {
            assert_eq!(satisfies(version, requirement), Some(meets), "{version} {requirement}");
        }
        assert_eq!(satisfies("system", "~> 1.17"), None);
        assert_eq!(satisfies("1.0.0", "1.x"), None);
        assert!(mistake_in_requirement("~> 1.17 or == 2.0.0").is_none());
        assert!(mistake_in_requirement("≥ 1").is_some());
        assert_eq!(satisfies("1.0.0", "~> 4294967295.0"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(version in r"[v0-9.a-z+é -]{0,24}", requirement in r"(~>|[><=!]=?| |and|or|[0-9]{1,12}|4294967295|[.a-z]){0,12}") {
            let _ = satisfies(&version, &requirement);
            let _ = mistake_in_requirement(&requirement);
        }
    }
}
