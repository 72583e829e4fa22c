//! The report as JUnit's XML, in the form that Jenkins's schema describes.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::brief::{brief, one_line};
use super::cases::{Outcome, TestCase, cases, not_known};
use super::{Detail, Look, Report, Scene, human};
use crate::visible::visible_lines;

/// The text about a failure is cut after so many characters: libxml2 reads no text that is longer than 10 MB.
const LONGEST: usize = 20_000;

/// Columns of the text about a failure.
const WIDTH: usize = 100;

pub(super) fn draw(report: &Report, scene: &Scene) -> String {
    let cases = cases(report);
    let time = format!("{}.{:03}", report.summary.took_ms / 1000, report.summary.took_ms % 1000);
    let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 2));
    xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let name = one_line(&format!("envdoctor: {}", scene.project));
    let [tests, failures, errors, _] = counts(&cases);
    xml.open(
        "testsuites",
        &[("name", &name), ("tests", &tests), ("failures", &failures), ("errors", &errors), ("time", &time)],
    );
    for suite in cases.chunk_by(|one, other| one.family == other.family) {
        let name = suite.first().map_or("", |case| case.family);
        let [tests, failures, errors, skipped] = counts(suite);
        let counts =
            [("tests", &*tests), ("failures", &*failures), ("errors", &*errors), ("skipped", &*skipped)];
        xml.open("testsuite", &[[("name", name)].as_slice(), &counts, &[("time", "0.000")]].concat());
        for case in suite {
            xml.case(case);
        }
        xml.close("testsuite");
    }
    xml.close("testsuites");
    let mut text = String::from_utf8(xml.0.into_inner()).unwrap_or_default();
    text.push('\n');
    text
}

/// How many tests there are, how many failed, were errors, and were skipped.
fn counts(cases: &[TestCase<'_>]) -> [String; 4] {
    let count =
        |is: fn(&Outcome<'_>) -> bool| cases.iter().filter(|case| is(&case.outcome)).count().to_string();
    [
        cases.len().to_string(),
        count(|outcome| matches!(outcome, Outcome::Failed(_))),
        count(|outcome| matches!(outcome, Outcome::Unknown(_) | Outcome::Unrecognised(_))),
        count(|outcome| matches!(outcome, Outcome::Skipped(_))),
    ]
}

struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn case(&mut self, case: &TestCase<'_>) {
        let class = format!("envdoctor.{}", case.family);
        self.open("testcase", &[("name", &case.name), ("classname", &class), ("time", "0.000")]);
        match &case.outcome {
            Outcome::Passed => {}
            Outcome::Failed(entry) => {
                let text = human::plain(entry, Look::new(WIDTH, Detail::Normal));
                let text: String = text.chars().take(LONGEST).collect();
                let severity = entry.severity.to_string();
                self.outcome("failure", &one_line(&entry.message), &severity, &text);
                if let Some(first) = brief(entry).first() {
                    // Some readers show only this.
                    self.text("system-out", first);
                }
            }
            Outcome::Unknown(unknown) => {
                let lines = not_known(unknown);
                let message = lines.first().map_or("it could not be told", String::as_str);
                self.outcome("error", message, "unknown", &lines.join("\n"));
            }
            Outcome::Unrecognised(quotes) => {
                let lines: Vec<String> = quotes
                    .iter()
                    .map(|quote| format!("line {}: {}", quote.line, one_line(&quote.text)))
                    .collect();
                self.outcome("error", case.title, "unrecognised", &lines.join("\n"));
            }
            Outcome::Skipped(why) => self.outcome("skipped", why, "skipped", ""),
        }
        self.close("testcase");
    }

    fn outcome(&mut self, name: &str, message: &str, kind: &str, text: &str) {
        let mut attributes = vec![("message", message)];
        if name != "skipped" {
            attributes.push(("type", kind));
        }
        if text.is_empty() {
            let empty = BytesStart::new(name).with_attributes(attributes);
            return self.event(Event::Empty(empty));
        }
        self.open(name, &attributes);
        self.event(Event::Text(BytesText::new(&visible_lines(text))));
        self.close(name);
    }

    fn text(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        self.event(Event::Text(BytesText::new(&visible_lines(text))));
        self.close(name);
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.event(Event::Start(start));
    }

    fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    fn event(&mut self, event: Event<'_>) {
        // Writing to memory cannot fail.
        let _ = self.0.write_event(event);
    }
}
