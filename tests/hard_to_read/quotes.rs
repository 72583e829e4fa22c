//! Quotes that are not ASCII's.

use regex::Regex;

use crate::hidden::each_line;
use crate::recorded::{Form, same_in};

#[test]
fn that_are_no_apostrophes() {
    let quoted = Regex::new(r"(^|[\s(=:])'([^'`]*)'").unwrap();
    let form = |quotes: &'static str| -> Form<'_> {
        let (open, close) = quotes.split_once('x').unwrap();
        let quoted = &quoted;
        let instead = format!("${{1}}{open}${{2}}{close}");
        (
            quotes,
            Box::new(move |log| each_line(log, |_, line| quoted.replace_all(line, &*instead).into_owned())),
        )
    };
    same_in(&["‘x’", "‚x‘", "´x´", "‹x›", "＇x＇"].map(form));
}
