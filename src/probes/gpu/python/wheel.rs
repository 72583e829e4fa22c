//! What a package was built for, as the wheel that it came in says.

use super::packages::Package;
use crate::probes::Context;

/// The platforms of a package's wheel, such as `macosx_14_0_arm64`.
pub(super) fn platforms(context: &Context, package: &Package) -> Vec<String> {
    let text = context.machine().read(&package.description.join("WHEEL")).present().unwrap_or_default();
    in_description(&text)
}

/// `Tag: cp311-cp311-manylinux_2_17_x86_64`, of several platforms `Tag: cp311-cp311-macosx_11_0_arm64.macosx_…`.
fn in_description(text: &str) -> Vec<String> {
    let tags = text.lines().filter_map(|line| line.strip_prefix("Tag:"));
    tags.filter_map(|tag| tag.trim().rsplit('-').next())
        .flat_map(|platforms| platforms.split('.'))
        .map(str::to_owned)
        .collect()
}

/// The version of macOS that a platform stands for.
pub(super) fn macos(platform: &str) -> Option<(u32, u32)> {
    let mut parts = platform.strip_prefix("macosx_")?.split('_');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Whether none of these platforms is one of that architecture. `any` and `universal2` are every one.
pub(super) fn is_foreign(platforms: &[String], architecture: &str) -> bool {
    let own: &[&str] = match architecture {
        "aarch64" => &["aarch64", "arm64", "universal2"],
        "x86_64" => &["x86_64", "universal2", "intel"],
        _ => return false,
    };
    let all = ["x86_64", "aarch64", "arm64"];
    let ends = |platform: &String, names: &[&str]| names.iter().any(|name| platform.ends_with(name));
    !platforms.is_empty()
        && platforms.iter().all(|platform| ends(platform, &all))
        && !platforms.iter().any(|platform| ends(platform, own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_of_wheels() {
        let text = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_17_x86_64\nTag: cp311-cp311-manylinux2014_x86_64\n";
        assert_eq!(in_description(text), ["manylinux_2_17_x86_64", "manylinux2014_x86_64"]);
        assert_eq!(
            in_description("Tag: py3-none-macosx_11_0_arm64.macosx_10_9_x86_64"),
            ["macosx_11_0_arm64", "macosx_10_9_x86_64"]
        );
        assert_eq!(macos("macosx_14_0_arm64"), Some((14, 0)));
        assert_eq!(macos("macosx_13_5_arm64"), Some((13, 5)));
        for none in ["any", "macosx_", "macosx_x_0", "linux_x86_64"] {
            assert_eq!(macos(none), None, "{none}");
        }
    }

    #[test]
    fn wheels_for_another_processor() {
        let foreign = |platforms: &[&str], architecture| {
            is_foreign(&platforms.iter().map(|&name| name.to_owned()).collect::<Vec<_>>(), architecture)
        };
        assert!(foreign(&["macosx_14_0_arm64"], "x86_64"));
        assert!(foreign(&["manylinux_2_17_x86_64", "manylinux2014_x86_64"], "aarch64"));
        assert!(!foreign(&["macosx_14_0_arm64"], "aarch64"));
        assert!(!foreign(&["macosx_11_0_arm64", "macosx_10_9_x86_64"], "x86_64"));
        assert!(!foreign(&["macosx_10_13_universal2"], "aarch64"));
        assert!(!foreign(&["any"], "aarch64"));
        assert!(!foreign(&[], "aarch64"));
        assert!(!foreign(&["linux_armv7l"], "aarch64"), "of what it does not know it says nothing");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"[a-z0-9._+=: '"\n\-é]{0,80}"#) {
            let _ = in_description(&text);
            let platforms = in_description(&format!("Tag: {text}"));
            let _ = (is_foreign(&platforms, "aarch64"), macos(&text), macos(&format!("macosx_{text}")));
        }
    }
}
