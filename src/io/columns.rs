//! Columns in the making: one part for each block, joined in the order of the file.

use rustc_hash::FxHashMap;

use crate::base::Currency;
use crate::io::cells::{Fixed, MOST_DECIMALS, Misfit};
use crate::table::{
    Column, ColumnSchema, CurrencyColumn, Kind, Lane, NO_CODE, Numbers, RowSet, Texts, Values,
    Words,
};

/// One column of one block.
#[derive(Debug)]
pub(in crate::io) struct Part {
    pub(in crate::io) values: PartValues,
    /// Rows whose cell is empty.
    pub(in crate::io) absent: Vec<u32>,
    /// Rows whose cell does not fit, each with its fault.
    pub(in crate::io) faulty: Vec<(u32, u32)>,
}

/// Values of one column in one block; neutral where a row is absent or faulty.
#[derive(Debug)]
pub(in crate::io) enum PartValues {
    Numbers(NumberPart),
    Dates(Vec<i32>),
    Texts(Texts),
    Flags(Vec<bool>),
}

impl Part {
    /// Without rows.
    pub(in crate::io) fn empty(kind: Kind) -> Part {
        Part {
            values: match kind {
                Kind::Number | Kind::Percent | Kind::Money => {
                    PartValues::Numbers(NumberPart::default())
                }
                Kind::Date => PartValues::Dates(Vec::new()),
                Kind::Text => PartValues::Texts(Texts::default()),
                Kind::Flag => PartValues::Flags(Vec::new()),
            },
            absent: Vec::new(),
            faulty: Vec::new(),
        }
    }

    fn len(&self) -> usize {
        match &self.values {
            PartValues::Numbers(numbers) => numbers.len(),
            PartValues::Dates(days) => days.len(),
            PartValues::Texts(texts) => texts.codes.len(),
            PartValues::Flags(flags) => flags.len(),
        }
    }
}

/// Numbers of one scale.
#[derive(Debug, Default)]
pub(in crate::io) struct NumberPart {
    decimals: u32,
    lane: Vec<i64>,
    /// Once a number does not fit 64 bits at the scale, all are kept here.
    wide: Option<Vec<i128>>,
    /// Currencies that cells or the currency column name, where any does.
    currencies: Vec<Option<Currency>>,
}

impl NumberPart {
    /// Appends a value.
    ///
    /// # Errors
    /// [`Misfit::TooLarge`], and nothing is appended, where it does not fit at the column's scale.
    #[inline]
    pub(in crate::io) fn push(&mut self, value: Fixed) -> Result<(), Misfit> {
        if value.decimals == self.decimals
            && self.wide.is_none()
            && let Ok(units) = i64::try_from(value.units)
        {
            self.lane.push(units);
            return Ok(());
        }
        self.push_unlike(value).ok_or(Misfit::TooLarge)
    }

    /// A value of another scale, or one that does not fit 64 bits.
    fn push_unlike(&mut self, value: Fixed) -> Option<()> {
        if value.decimals > self.decimals {
            self.rescale(value.decimals)?;
        }
        let units = scaled(value.units, self.decimals - value.decimals)?;
        match (&mut self.wide, i64::try_from(units)) {
            (Some(wide), _) => wide.push(units),
            (None, Ok(narrow)) => self.lane.push(narrow),
            (None, Err(_)) => {
                let mut wide = self.take_wide();
                wide.push(units);
                self.wide = Some(wide);
            }
        }
        Some(())
    }

    /// The currency that the last value names itself.
    pub(in crate::io) fn last_is_of(&mut self, currency: Currency) {
        self.currencies.resize(self.len().saturating_sub(1), None);
        self.currencies.push(Some(currency));
    }

    /// Appends a row that has no value.
    pub(in crate::io) fn push_none(&mut self) {
        match &mut self.wide {
            Some(wide) => wide.push(0),
            None => self.lane.push(0),
        }
    }

    fn len(&self) -> usize {
        self.wide.as_ref().map_or(self.lane.len(), Vec::len)
    }

    fn take_wide(&mut self) -> Vec<i128> {
        self.wide
            .take()
            .unwrap_or_else(|| self.lane.drain(..).map(i128::from).collect())
    }

    /// Brings all values to more decimals; `None`, and nothing changes, where that does not fit.
    fn rescale(&mut self, decimals: u32) -> Option<()> {
        let by = decimals - self.decimals;
        let wide = self.take_wide();
        let all: Option<Vec<i128>> = wide.iter().map(|units| scaled(*units, by)).collect();
        let fits = all.is_some();
        match Lane::narrowest(all.unwrap_or(wide)) {
            Lane::Narrow(lane) => self.lane = lane,
            Lane::Wide(wide) => self.wide = Some(wide),
        }
        fits.then(|| self.decimals = decimals)
    }

    fn append(&mut self, mut more: NumberPart, rows_before: usize) {
        let decimals = self.decimals.max(more.decimals);
        let meet =
            |part: &mut NumberPart| part.decimals == decimals || part.rescale(decimals).is_some();
        if !meet(self) || !meet(&mut more) {
            // 28 digits at one scale and 28 at another do not meet in one column: the wide lane holds 36.
            return;
        }
        if !more.currencies.is_empty() || !self.currencies.is_empty() {
            self.currencies.resize(rows_before, None);
            more.currencies.resize(more.len(), None);
            self.currencies.append(&mut more.currencies);
        }
        if self.wide.is_none() && more.wide.is_none() {
            self.lane.append(&mut more.lane);
            return;
        }
        let mut wide = self.take_wide();
        wide.append(&mut more.take_wide());
        self.wide = Some(wide);
    }

    /// The finished values; money without a code of its own is of `currency`.
    fn finish(self, is_money: bool, currency: Option<Currency>) -> Numbers {
        let rows = self.len();
        let currency = if !is_money {
            None
        } else if self.currencies.is_empty() {
            currency.map(CurrencyColumn::All)
        } else {
            let own = |row| self.currencies.get(row).copied().flatten().or(currency);
            Some(CurrencyColumn::Rows((0..rows).map(own).collect()))
        };
        Numbers {
            denominator: 10_i128.pow(self.decimals),
            lane: match self.wide {
                Some(wide) => Lane::Wide(wide),
                None => Lane::Narrow(self.lane),
            },
            currency,
        }
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

/// Texts of one block by code. Keys borrow from the block.
pub(in crate::io) struct Interner<'b, 's> {
    schema: &'s ColumnSchema,
    known: FxHashMap<&'b [u8], u32>,
}

impl<'b, 's> Interner<'b, 's> {
    pub(in crate::io) fn new(schema: &'s ColumnSchema) -> Interner<'b, 's> {
        Interner {
            schema,
            known: FxHashMap::default(),
        }
    }

    /// The code of a text, which is added where it is new.
    ///
    /// # Errors
    /// [`Misfit::Kind`] for what is not UTF-8, or not in the column's list.
    pub(in crate::io) fn code(&mut self, text: &'b [u8], words: &mut Words) -> Result<u32, Misfit> {
        if self.schema.key {
            return self.add(text, words);
        }
        if self.schema.one_of.is_some() {
            // A list is short: comparing is quicker than hashing.
            let known = words.iter().position(|word| word.as_bytes() == text);
            return match known.and_then(|at| u32::try_from(at).ok()) {
                Some(code) => Ok(code),
                None => self.add(text, words),
            };
        }
        if let Some(code) = self.known.get(text) {
            return Ok(*code);
        }
        let code = self.add(text, words)?;
        self.known.insert(text, code);
        Ok(code)
    }

    /// Adds a text without remembering it: a part may have a text under two codes.
    pub(in crate::io) fn add(&self, text: &[u8], words: &mut Words) -> Result<u32, Misfit> {
        let text = std::str::from_utf8(text).map_err(|_| Misfit::Kind)?;
        match &self.schema.one_of {
            Some(list) if !list.iter().any(|choice| choice == text) => Err(Misfit::Kind),
            _ => Ok(words.push(text)),
        }
    }
}

/// Joins the parts of one column.
pub(in crate::io) struct Joined<'s> {
    schema: &'s ColumnSchema,
    part: PartValues,
    /// Codes of the joined texts; each text has one, but in a key column.
    known: FxHashMap<Box<str>, u32>,
    absent: RowSet,
    faulty: Vec<(u32, u32)>,
    rows: usize,
}

impl<'s> Joined<'s> {
    pub(in crate::io) fn new(schema: &'s ColumnSchema) -> Joined<'s> {
        Joined {
            schema,
            part: Part::empty(schema.kind).values,
            known: FxHashMap::default(),
            absent: RowSet::default(),
            faulty: Vec::new(),
            rows: 0,
        }
    }

    /// Its name, where its texts name the rows.
    pub(in crate::io) fn key(&self) -> Option<&'s str> {
        self.schema.key.then_some(self.schema.name.as_str())
    }

    /// Appends a block, whose rows are counted from its start; `numbers` are those of its faults in the table.
    pub(in crate::io) fn append(&mut self, part: Part, numbers: &[u32]) {
        let before = self.rows;
        self.rows += part.len();
        for row in &part.absent {
            self.absent.insert(before + *row as usize);
        }
        let offset = u32::try_from(before).unwrap_or(u32::MAX);
        let faulty = part.faulty.iter();
        self.faulty.extend(faulty.map(|(row, fault)| {
            let number = numbers.get(*fault as usize).copied();
            (row + offset, number.unwrap_or(u32::MAX))
        }));
        match (&mut self.part, part.values) {
            (PartValues::Numbers(all), PartValues::Numbers(more)) => all.append(more, before),
            (PartValues::Dates(all), PartValues::Dates(more)) => all.extend(more),
            (PartValues::Flags(all), PartValues::Flags(more)) => all.extend(more),
            (PartValues::Texts(all), PartValues::Texts(more)) if self.schema.key => {
                append_keys(all, &more);
            }
            (PartValues::Texts(all), PartValues::Texts(more)) => {
                append_texts(all, &more, &mut self.known);
            }
            _ => {}
        }
    }

    /// The finished column; money without a code of its own is of `currency`.
    pub(in crate::io) fn finish(self, currency: Option<Currency>) -> (String, Column) {
        let values = match self.part {
            PartValues::Dates(days) => Values::Dates(days),
            PartValues::Flags(flags) => Values::Flags(flags),
            PartValues::Texts(texts) => Values::Texts(texts),
            PartValues::Numbers(numbers) => {
                Values::Numbers(numbers.finish(self.schema.kind == Kind::Money, currency))
            }
        };
        let column = Column {
            values,
            absent: self.absent,
            faulty: self.faulty,
        };
        (self.schema.name.clone(), column)
    }
}

fn append_keys(all: &mut Texts, more: &Texts) {
    let before = u32::try_from(all.words.len()).unwrap_or(NO_CODE);
    all.words.append(&more.words);
    let codes = more.codes.iter();
    all.codes
        .extend(codes.map(|code| code.saturating_add(if *code == NO_CODE { 0 } else { before })));
}

fn append_texts(all: &mut Texts, more: &Texts, known: &mut FxHashMap<Box<str>, u32>) {
    let codes: Vec<u32> = more
        .words
        .iter()
        .map(|word| match known.get(word) {
            Some(code) => *code,
            None => {
                let code = all.words.push(word);
                known.insert(word.into(), code);
                code
            }
        })
        .collect();
    let own = more.codes.iter();
    all.codes
        .extend(own.map(|code| codes.get(*code as usize).copied().unwrap_or(NO_CODE)));
}
