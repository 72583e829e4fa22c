//! How long each question took, as bars.

use maud::{Markup, html};

/// The height of a row.
const ROW: usize = 22;
/// Where the bars begin, and how long the longest one is.
const LEFT: f64 = 200.0;
const LONGEST: f64 = 340.0;

/// A picture without a script. What it shows stands in the table below it too, so that it need not be seen.
pub(super) fn chart(timings: &[(String, f64)]) -> Markup {
    let most = timings.iter().map(|(_, took)| *took).fold(1.0, f64::max);
    let height = timings.len() * ROW;
    html! {
        svg viewBox=(format!("0 0 640 {height}")) role="img" aria-label="How long each question took; the table has the numbers" {
            @for (at, (what, took)) in timings.iter().enumerate() {
                @let y = at * ROW;
                @let width = (took / most * LONGEST).max(1.0);
                text x=(LEFT - 8.0) y=(y + 15) text-anchor="end" { (shortened(what)) }
                rect x=(LEFT) y=(y + 4) width=(format!("{width:.1}")) height=(ROW - 8) rx="2" {}
                text x=(format!("{:.1}", LEFT + width + 6.0)) y=(y + 15) { (milliseconds(*took)) }
            }
        }
    }
}

pub(super) fn milliseconds(took: f64) -> String {
    if took < 10.0 { format!("{took:.1} ms") } else { format!("{took:.0} ms") }
}

/// What finds room beside a bar.
fn shortened(what: &str) -> String {
    match what.char_indices().nth(28) {
        Some((at, _)) => format!("{}…", &what[..at]),
        None => what.to_owned(),
    }
}
