//! The known word that somebody most likely meant.

/// The nearest of the known words, where one is near enough to be worth offering: at most a third of the
/// letters differ (swapped neighbours count once). Of several that are equally near, the first.
///
/// ```
/// let known = ["gate", "floor", "cap"];
/// assert_eq!(paycurve::diag::near("gaet", known), Some("gate"));
/// assert_eq!(paycurve::diag::near("elephant", known), None);
/// ```
pub fn near<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|other| {
            (
                strsim::damerau_levenshtein(&word.to_lowercase(), &other.to_lowercase()),
                other,
            )
        })
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}
