#include "server/metrics/formulas/time_pieces.h"

#include <gtest/gtest.h>

namespace canvass::metrics {
namespace {

// The dates of the piece that holds `day`: "first..end".
std::string PieceText(absl::string_view day, v1::Granularity granularity) {
  const Piece piece = PieceOf(ParseDay(day).value(), granularity);
  return DayText(piece.first) + ".." + DayText(piece.end);
}

TEST(PieceTest, DayIsItself) { EXPECT_EQ(PieceText("2024-02-29", v1::GRANULARITY_DAY), "2024-02-29..2024-03-01"); }

TEST(PieceTest, WeekStartsOnMonday) {
  EXPECT_EQ(PieceText("2017-05-08", v1::GRANULARITY_WEEK), "2017-05-08..2017-05-15");
  EXPECT_EQ(PieceText("2017-05-14", v1::GRANULARITY_WEEK), "2017-05-08..2017-05-15");
  EXPECT_EQ(PieceText("2017-05-15", v1::GRANULARITY_WEEK), "2017-05-15..2017-05-22");
  // The first ISO week of 2021 starts on 4 January; 1 January belongs to week 53 of 2020.
  EXPECT_EQ(PieceText("2021-01-01", v1::GRANULARITY_WEEK), "2020-12-28..2021-01-04");
  // Around and before 1970-01-01, a Thursday.
  EXPECT_EQ(PieceText("1970-01-01", v1::GRANULARITY_WEEK), "1969-12-29..1970-01-05");
  EXPECT_EQ(PieceText("1969-12-28", v1::GRANULARITY_WEEK), "1969-12-22..1969-12-29");
  EXPECT_EQ(PieceText("1950-06-14", v1::GRANULARITY_WEEK), "1950-06-12..1950-06-19");
}

TEST(PieceTest, MonthIsOfTheCalendar) {
  EXPECT_EQ(PieceText("2016-02-29", v1::GRANULARITY_MONTH), "2016-02-01..2016-03-01");
  EXPECT_EQ(PieceText("2017-12-31", v1::GRANULARITY_MONTH), "2017-12-01..2018-01-01");
  EXPECT_EQ(PieceText("1969-12-05", v1::GRANULARITY_MONTH), "1969-12-01..1970-01-01");
}

TEST(PieceTest, WithoutGranularityThereIsOne) {
  EXPECT_EQ(PieceOf(17'000, v1::GRANULARITY_UNSPECIFIED), PieceOf(-5, v1::GRANULARITY_UNSPECIFIED));
}

TEST(LongerThanTenYearsTest, GoesByTheCalendar) {
  const auto longer = [](absl::string_view first, absl::string_view end) {
    return LongerThanTenYears(ParseDay(first).value(), ParseDay(end).value());
  };
  EXPECT_FALSE(longer("2010-01-01", "2020-01-01"));
  EXPECT_TRUE(longer("2010-01-01", "2020-01-02"));
  EXPECT_FALSE(longer("2012-02-29", "2022-03-01"));
  EXPECT_TRUE(longer("2012-02-29", "2022-03-02"));
  EXPECT_FALSE(longer("2020-01-01", "2019-01-01"));
}

TEST(ParseDayTest, TakesOneFormOnly) {
  EXPECT_EQ(ParseDay("1970-01-01"), 0);
  EXPECT_EQ(ParseDay("2017-05-10"), 17'296);
  EXPECT_EQ(ParseDay("1969-12-31"), -1);
  for (absl::string_view bad : {"", "2017-5-10", "2017-05-10 ", " 2017-05-10", "2017-02-29", "2017-13-01", "2017-05",
                                "20170510", "2017-05-10T00:00:00", "+2017-05-10", "tomorrow"}) {
    EXPECT_FALSE(ParseDay(bad).has_value()) << bad;
  }
}

TEST(DayTextTest, IsTheInverse) {
  for (int64_t day = -40'000; day < 40'000; day += 17) EXPECT_EQ(ParseDay(DayText(day)), day);
}

}  // namespace
}  // namespace canvass::metrics
