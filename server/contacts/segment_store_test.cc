// SegmentStore and SegmentCatalog, on a real database.

#include "server/contacts/segment_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/contacts/segment_catalog.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::contacts {
namespace {

using testing::SizeIs;

v1::Segment Called(const std::string& display_name) {
  v1::Segment segment;
  segment.set_display_name(display_name);
  segment.mutable_condition()->mutable_compare()->set_field("contact.country");
  return segment;
}

class SegmentStoreTest : public ::testing::Test {
 protected:
  void Insert(const TenantScope& scope, const std::string& id, const v1::Segment& content) {
    const absl::Status status = db_.database().Write(scope, [&](mysql::Transaction& tx) {
      return store_.Insert(tx, scope, SegmentId(id), content, db_.clock().Now()).status();
    });
    EXPECT_TRUE(status.ok()) << status;
  }

  mysql::testing::TestDatabase db_;
  SegmentStore store_{db_.database()};
  SegmentCatalog catalog_{store_, db_.clock()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  TenantScope other_ = mysql::testing::MakeScope("globex");
};

TEST_F(SegmentStoreTest, KeepsWhatWasWritten) {
  Insert(scope_, "vip", Called("VIPs"));
  const absl::StatusOr<v1::Segment> made = store_.Get(scope_, SegmentId("vip"));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->name(), "tenants/acme/segments/vip");
  EXPECT_EQ(made->display_name(), "VIPs");
  EXPECT_EQ(made->condition().compare().field(), "contact.country");
  EXPECT_EQ(ReasonOf(store_.Get(other_, SegmentId("vip")).status()), v1::ERROR_REASON_SEGMENT_NOT_FOUND);

  const absl::Status updated = db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    const auto locked = store_.Lock(tx, scope_, SegmentId("vip"));
    if (!locked.ok() || !locked->has_value()) return absl::InternalError("not there");
    v1::Segment changed = **locked;
    changed.set_display_name("Best");
    return store_.Update(tx, scope_, SegmentId("vip"), changed, db_.clock().Now()).status();
  });
  ASSERT_TRUE(updated.ok()) << updated;
  const absl::StatusOr<v1::Segment> now = store_.Get(scope_, SegmentId("vip"));
  EXPECT_EQ(now->display_name(), "Best");
  EXPECT_NE(now->etag(), made->etag());
}

TEST_F(SegmentStoreTest, CatalogHoldsAllOfATenantForAWhile) {
  for (int i = 0; i < 1001; ++i) Insert(scope_, absl::StrCat("s", i), Called("x"));
  Insert(other_, "theirs", Called("y"));
  auto segments = catalog_.Get(scope_);
  ASSERT_TRUE(segments.ok()) << segments.status();
  EXPECT_THAT(**segments, SizeIs(1001));
  EXPECT_TRUE((*segments)->contains("tenants/acme/segments/s1000"));

  Insert(scope_, "late", Called("z"));
  EXPECT_THAT(**catalog_.Get(scope_), SizeIs(1001)) << "kept";
  db_.clock().Advance(absl::Seconds(5));
  EXPECT_THAT(**catalog_.Get(scope_), SizeIs(1002));
  Insert(scope_, "later", Called("z"));
  catalog_.Forget(scope_);
  EXPECT_THAT(**catalog_.Get(scope_), SizeIs(1003));
}

}  // namespace
}  // namespace canvass::contacts
