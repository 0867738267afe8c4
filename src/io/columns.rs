//! Columns in the making: one part for each block, joined in the order of the file.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::Currency;
use crate::io::cells::{Fixed, MOST_DECIMALS};
use crate::table::{Column, CurrencyColumn, Lane, NO_CODE, Numbers, RowSet, Texts, Values};

/// Values of one column in one block.
#[derive(Debug)]
pub(in crate::io) enum Part {
    Numbers(NumberPart),
    Dates(Vec<i32>),
    Texts(TextPart),
    Flags(Vec<bool>),
}

/// Numbers of one scale.
#[derive(Debug, Default)]
pub(in crate::io) struct NumberPart {
    decimals: u32,
    lane: Vec<i64>,
    /// Once a number does not fit 64 bits at the scale, all are kept here.
    wide: Option<Vec<i128>>,
    /// Currencies that cells or the currency column name, where any does.
    pub(in crate::io) currencies: Vec<Option<Currency>>,
}

/// After how many rows of a block it is known whether its texts repeat.
const TRIED: usize = 1_024;

/// Texts by code. A part of one block may have a text under two codes; joined, each text has one.
#[derive(Debug, Default)]
pub(in crate::io) struct TextPart {
    codes: Vec<u32>,
    words: Vec<Arc<str>>,
    known: FxHashMap<Arc<str>, u32>,
}

impl NumberPart {
    /// Appends a value; `false`, and nothing is appended, where it does not fit at the column's scale.
    pub(in crate::io) fn push(&mut self, value: Fixed) -> bool {
        if value.decimals > self.decimals && !self.rescale(value.decimals) {
            return false;
        }
        let Some(units) = scaled(value.units, self.decimals - value.decimals) else {
            return false;
        };
        match (&mut self.wide, i64::try_from(units)) {
            (Some(wide), _) => wide.push(units),
            (None, Ok(narrow)) => self.lane.push(narrow),
            (None, Err(_)) => {
                let mut wide: Vec<i128> = self.lane.drain(..).map(i128::from).collect();
                wide.push(units);
                self.wide = Some(wide);
            }
        }
        true
    }

    pub(in crate::io) fn push_none(&mut self) {
        match &mut self.wide {
            Some(wide) => wide.push(0),
            None => self.lane.push(0),
        }
    }

    /// How many values stand before the last.
    pub(in crate::io) fn rows_before_last(&self) -> usize {
        self.len().saturating_sub(1)
    }

    fn len(&self) -> usize {
        self.wide.as_ref().map_or(self.lane.len(), Vec::len)
    }

    /// Brings all values to more decimals; `false` where that does not fit.
    fn rescale(&mut self, decimals: u32) -> bool {
        let by = decimals - self.decimals;
        let wide = self
            .wide
            .take()
            .unwrap_or_else(|| self.lane.drain(..).map(i128::from).collect());
        let all: Option<Vec<i128>> = wide.iter().map(|units| scaled(*units, by)).collect();
        let (values, fits) = match all {
            Some(values) => (values, true),
            None => (wide, false),
        };
        self.decimals = if fits { decimals } else { self.decimals };
        match Lane::narrowest(values) {
            Lane::Narrow(lane) => self.lane = lane,
            Lane::Wide(wide) => self.wide = Some(wide),
        }
        fits
    }
}

fn scaled(units: i128, by: u32) -> Option<i128> {
    if by == 0 || units == 0 {
        return Some(units);
    }
    units
        .checked_mul(10_i128.checked_pow(by)?)
        .filter(|value| value.unsigned_abs() < 10_u128.pow(MOST_DECIMALS + 8))
}

impl TextPart {
    pub(in crate::io) fn push(&mut self, word: &str) {
        // Ids hardly ever repeat inside a block: looking each up is left to the joining of blocks.
        if self.codes.len() >= TRIED && self.words.len() * 10 > self.codes.len() * 9 {
            self.codes
                .push(u32::try_from(self.words.len()).unwrap_or(NO_CODE));
            self.words.push(Arc::from(word));
            return;
        }
        let code = match self.known.get(word) {
            Some(code) => *code,
            None => {
                let code = u32::try_from(self.words.len()).unwrap_or(NO_CODE);
                let word: Arc<str> = Arc::from(word);
                self.words.push(word.clone());
                self.known.insert(word, code);
                code
            }
        };
        self.codes.push(code);
    }

    pub(in crate::io) fn push_none(&mut self) {
        self.codes.push(NO_CODE);
    }
}

/// Joins the parts of one column.
pub(in crate::io) struct Joined {
    part: Part,
    absent: Vec<u32>,
    faulty: Vec<(u32, u32)>,
    rows: usize,
}

impl Joined {
    pub(in crate::io) fn new(empty: Part) -> Joined {
        Joined {
            part: empty,
            absent: Vec::new(),
            faulty: Vec::new(),
            rows: 0,
        }
    }

    /// Appends a block: its values, its empty rows, its faulty rows with their fault, counted from its start.
    pub(in crate::io) fn append(
        &mut self,
        part: Part,
        absent: &[u32],
        faulty: &[(u32, u32)],
        first_fault: u32,
    ) {
        let offset = u32::try_from(self.rows).unwrap_or(u32::MAX);
        self.absent.extend(absent.iter().map(|row| row + offset));
        self.faulty.extend(
            faulty
                .iter()
                .map(|(row, fault)| (row + offset, fault + first_fault)),
        );
        self.rows += match &part {
            Part::Numbers(numbers) => numbers.len(),
            Part::Dates(days) => days.len(),
            Part::Texts(texts) => texts.codes.len(),
            Part::Flags(flags) => flags.len(),
        };
        match (&mut self.part, part) {
            (Part::Numbers(all), Part::Numbers(more)) => all.append(more, offset),
            (Part::Dates(all), Part::Dates(more)) => all.extend(more),
            (Part::Flags(all), Part::Flags(more)) => all.extend(more),
            (Part::Texts(all), Part::Texts(more)) => all.append(more),
            _ => {}
        }
    }

    /// The finished column; money without a code of its own is of `currency`.
    pub(in crate::io) fn finish(self, is_money: bool, currency: Option<Currency>) -> Column {
        let values = match self.part {
            Part::Dates(days) => Values::Dates(days),
            Part::Flags(flags) => Values::Flags(flags),
            Part::Texts(texts) => Values::Texts(Texts {
                codes: texts.codes,
                words: texts.words,
            }),
            Part::Numbers(numbers) => {
                let rows = self.rows;
                let currency = if !is_money {
                    None
                } else if numbers.currencies.iter().any(Option::is_some) {
                    let fallback =
                        currency.or_else(|| numbers.currencies.iter().flatten().next().copied());
                    let own = (0..rows)
                        .map(|row| numbers.currencies.get(row).copied().flatten().or(fallback));
                    own.collect::<Option<Vec<Currency>>>()
                        .map(CurrencyColumn::Rows)
                } else {
                    currency.map(CurrencyColumn::All)
                };
                let lane = match numbers.wide {
                    Some(wide) => Lane::Wide(wide),
                    None => Lane::Narrow(numbers.lane),
                };
                Values::Numbers(Numbers {
                    denominator: 10_i128.pow(numbers.decimals),
                    lane,
                    currency,
                })
            }
        };
        Column {
            values,
            absent: RowSet::new(self.absent),
            faulty: self.faulty,
        }
    }
}

impl NumberPart {
    fn append(&mut self, mut more: NumberPart, rows_before: u32) {
        let decimals = self.decimals.max(more.decimals);
        if self.decimals < decimals && !self.rescale(decimals)
            || more.decimals < decimals && !more.rescale(decimals)
        {
            // 28 digits at one scale and 28 at another do not meet in one column: the wide lane holds 36.
            return;
        }
        if more.currencies.iter().any(Option::is_some)
            || self.currencies.iter().any(Option::is_some)
        {
            self.currencies.resize(rows_before as usize, None);
            more.currencies.resize(more.len(), None);
            self.currencies.append(&mut more.currencies);
        }
        if self.wide.is_none() && more.wide.is_none() {
            self.lane.append(&mut more.lane);
            return;
        }
        let mut wide = self
            .wide
            .take()
            .unwrap_or_else(|| self.lane.drain(..).map(i128::from).collect());
        match more.wide {
            Some(more) => wide.extend(more),
            None => wide.extend(more.lane.into_iter().map(i128::from)),
        }
        self.wide = Some(wide);
    }
}

impl TextPart {
    fn append(&mut self, more: TextPart) {
        if more.words.len() > TRIED {
            self.known.reserve(more.words.len());
        }
        let codes: Vec<u32> = more
            .words
            .into_iter()
            .map(|word| match self.known.get(&word) {
                Some(code) => *code,
                None => {
                    let code = u32::try_from(self.words.len()).unwrap_or(NO_CODE);
                    self.words.push(word.clone());
                    self.known.insert(word, code);
                    code
                }
            })
            .collect();
        self.codes.extend(
            more.codes
                .into_iter()
                .map(|code| codes.get(code as usize).copied().unwrap_or(NO_CODE)),
        );
    }
}
