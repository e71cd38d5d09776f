#include "server/mysql/status_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/mysql/database.h"

namespace canvass::mysql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::Status Map(int code) { return ToStatus({.code = code, .sql_state = "HY000", .text = "driver text"}, "SELECT 1"); }

TEST(StatusMappingTest, EachFailureHasItsCodeReasonAndMark) {
  struct Case {
    int code;
    absl::StatusCode status;
    v1::ErrorReason reason;
  };
  const Case cases[] = {
      {1205, absl::StatusCode::kAborted, v1::ERROR_REASON_CONFLICT},
      {1213, absl::StatusCode::kAborted, v1::ERROR_REASON_CONFLICT},
      {1062, absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_RESOURCE_EXISTS},
      {1969, absl::StatusCode::kDeadlineExceeded, v1::ERROR_REASON_DEADLINE_EXCEEDED},
      {3024, absl::StatusCode::kDeadlineExceeded, v1::ERROR_REASON_DEADLINE_EXCEEDED},
      {2006, absl::StatusCode::kUnavailable, v1::ERROR_REASON_DATABASE_UNAVAILABLE},
      {2013, absl::StatusCode::kUnavailable, v1::ERROR_REASON_DATABASE_UNAVAILABLE},
      {0, absl::StatusCode::kUnavailable, v1::ERROR_REASON_DATABASE_UNAVAILABLE},
      {1040, absl::StatusCode::kUnavailable, v1::ERROR_REASON_DATABASE_UNAVAILABLE},
      {1114, absl::StatusCode::kUnavailable, v1::ERROR_REASON_DATABASE_UNAVAILABLE},
      {1054, absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL},
      {1406, absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL},
      {1045, absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL},
  };
  for (const Case& expected : cases) {
    const absl::Status status = Map(expected.code);
    EXPECT_EQ(status.code(), expected.status) << expected.code;
    EXPECT_EQ(ReasonOf(status), expected.reason) << expected.code;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("driver text"))) << expected.code;
  }
}

TEST(StatusMappingTest, MarksTellAFailureOfTheDatabaseFromAnAnswerOfTheFunction) {
  EXPECT_TRUE(IsConflict(Map(1213)));
  EXPECT_FALSE(IsConflict(absl::AbortedError("by the caller")));
  EXPECT_TRUE(IsDuplicateKey(Map(1062)));
  EXPECT_FALSE(IsDuplicateKey(absl::AlreadyExistsError("by the caller")));
  EXPECT_TRUE(IsConnectionLost(Map(2013)));
  EXPECT_FALSE(IsConnectionLost(Map(1040)));
  EXPECT_FALSE(IsConnectionLost(absl::UnavailableError("by the caller")));
}

TEST(StatusMappingTest, AnUnknownCommitIsNeitherLostNorSafeToRunAgain) {
  const absl::Status status = CommitUnknownStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_OUTCOME_UNKNOWN);
  EXPECT_TRUE(CommitUnknown(status));
  EXPECT_FALSE(IsConnectionLost(status));
  EXPECT_FALSE(CommitUnknown(Map(2013)));
}

}  // namespace
}  // namespace canvass::mysql
