//! Parquet files: only the columns that a plan reads.

use std::collections::BTreeSet;
use std::fs::File;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use crate::base::Date;
use crate::io::csv_blocks::Written;
use crate::io::grid::Grid;
use crate::io::guarded::guarded;

/// How many rows are read at a time.
const ROWS: usize = 8_192;

/// A file, opened.
pub(in crate::io) struct Parquet {
    builder: Option<ParquetRecordBatchReaderBuilder<File>>,
    columns: Vec<(String, DataType)>,
}

/// Reads what a file says of itself. The error is in the words of the reader.
pub(in crate::io) fn open(file: File) -> Result<Parquet, String> {
    // What Arrow says of the types beside Parquet's own, such as dictionaries, is of no use here.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = guarded(|| ParquetRecordBatchReaderBuilder::try_new_with_options(file, options))?;
    let fields = builder.schema().fields().iter();
    let columns = fields
        .map(|field| (field.name().clone(), field.data_type().clone()))
        .collect();
    Ok(Parquet {
        builder: Some(builder),
        columns,
    })
}

impl Parquet {
    /// The names of the columns.
    pub(in crate::io) fn headers(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Whether a column's numbers are binary fractions.
    pub(in crate::io) fn is_float(&self, column: usize) -> bool {
        let kind = self.columns.get(column).map(|(_, kind)| kind);
        matches!(
            kind,
            Some(DataType::Float16 | DataType::Float32 | DataType::Float64)
        )
    }

    /// Reads some columns; the others are empty. The error is in the words of the reader.
    pub(in crate::io) fn read(
        &mut self,
        columns: &BTreeSet<usize>,
        take: &mut dyn FnMut(Grid),
    ) -> Result<(), String> {
        let Some(builder) = self.builder.take() else {
            return Ok(());
        };
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
        let builder = builder.with_projection(mask).with_batch_size(ROWS);
        let mut reader = guarded(|| builder.build())?;
        let mut row = 0;
        while let Some(batch) = guarded(|| reader.next().transpose())? {
            let grid = self.grid(columns, &batch, row)?;
            row += batch.num_rows() as u64;
            take(grid);
        }
        Ok(())
    }

    fn grid(
        &self,
        columns: &BTreeSet<usize>,
        batch: &RecordBatch,
        first: u64,
    ) -> Result<Grid, String> {
        let mut own: Vec<Option<&ArrayRef>> = vec![None; self.columns.len()];
        for (at, array) in columns.iter().zip(batch.columns()) {
            if let Some(place) = own.get_mut(*at) {
                *place = Some(array);
            }
        }
        let mut grid = Grid::new(self.columns.len());
        for row in 0..batch.num_rows() {
            for array in &own {
                match array.filter(|array| array.is_valid(row)) {
                    Some(array) => {
                        let (text, written) = text_of(array, row)?;
                        grid.cell(text.as_bytes(), written);
                    }
                    None => grid.cell(b"", Written::Plain),
                }
            }
            // There is no line of headings: the first row is row 1.
            grid.row(first + row as u64 + 1);
        }
        Ok(grid)
    }
}

/// A value as text.
fn text_of(array: &ArrayRef, row: usize) -> Result<(String, Written), String> {
    let native = |text: String| Ok((text, Written::Native));
    let plain = |text: &str| Ok((text.to_owned(), Written::Plain));
    match array.data_type() {
        DataType::Utf8 => plain(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => plain(array.as_string::<i64>().value(row)),
        DataType::Utf8View => plain(array.as_string_view().value(row)),
        DataType::Boolean => native(array.as_boolean().value(row).to_string()),
        DataType::Int8 => native(whole::<Int8Type>(array, row)),
        DataType::Int16 => native(whole::<Int16Type>(array, row)),
        DataType::Int32 => native(whole::<Int32Type>(array, row)),
        DataType::Int64 => native(whole::<Int64Type>(array, row)),
        DataType::UInt8 => native(whole::<UInt8Type>(array, row)),
        DataType::UInt16 => native(whole::<UInt16Type>(array, row)),
        DataType::UInt32 => native(whole::<UInt32Type>(array, row)),
        DataType::UInt64 => native(whole::<UInt64Type>(array, row)),
        // The shortest decimal text, as in workbooks; money never comes here.
        DataType::Float32 => native(whole::<Float32Type>(array, row)),
        DataType::Float64 => native(whole::<Float64Type>(array, row)),
        DataType::Decimal128(..) => native(array.as_primitive::<Decimal128Type>().value_as_string(row)),
        DataType::Decimal256(..) => native(array.as_primitive::<Decimal256Type>().value_as_string(row)),
        DataType::Date32 => {
            native(day(i64::from(value::<Date32Type>(array, row)), 0))
        }
        DataType::Date64 => native(moment(value::<Date64Type>(array, row), 1_000)),
        DataType::Timestamp(unit, None) => native(match unit {
            TimeUnit::Second => moment(value::<TimestampSecondType>(array, row), 1),
            TimeUnit::Millisecond => moment(value::<TimestampMillisecondType>(array, row), 1_000),
            TimeUnit::Microsecond => moment(value::<TimestampMicrosecondType>(array, row), 1_000_000),
            TimeUnit::Nanosecond => moment(value::<TimestampNanosecondType>(array, row), 1_000_000_000),
        }),
        DataType::Timestamp(..) => Err(
            "A column with moments in a time zone is read as a date by a plan, and which day a moment belongs to depends on \
             where one stands: export it as a date."
                .to_owned(),
        ),
        other => Err(format!("A column is of the type {other}, which holds no value of a plan.")),
    }
}

fn value<T: ArrowPrimitiveType>(array: &ArrayRef, row: usize) -> T::Native {
    let values: &PrimitiveArray<T> = array.as_primitive();
    values.value(row)
}

fn whole<T: ArrowPrimitiveType>(array: &ArrayRef, row: usize) -> String
where
    T::Native: std::fmt::Display,
{
    value::<T>(array, row).to_string()
}

/// A moment as its day; with the time where it is not midnight, which no date column takes.
fn moment(ticks: i64, in_a_second: i64) -> String {
    const DAY: i64 = 86_400;
    let (seconds, rest) = (ticks.div_euclid(in_a_second), ticks.rem_euclid(in_a_second));
    let inside = seconds.rem_euclid(DAY);
    day(
        seconds.div_euclid(DAY),
        if rest == 0 { inside } else { inside.max(1) },
    )
}

fn day(days: i64, seconds: i64) -> String {
    let date = i32::try_from(days).ok().and_then(Date::from_days);
    match (date, seconds) {
        (Some(date), 0) => date.to_string(),
        (Some(date), seconds) => format!("{date} {:02}:{:02}", seconds / 3_600, seconds / 60 % 60),
        (None, _) => format!("day {days}"),
    }
}
