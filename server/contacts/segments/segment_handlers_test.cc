// The handlers of SegmentService, on a real database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/contacts/segments/create_segment.h"
#include "server/contacts/segments/delete_segment.h"
#include "server/contacts/segments/get_segment.h"
#include "server/contacts/segments/update_segment.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::contacts {
namespace {

using testing::ElementsAre;

v1::Segment Where(const std::string& condition, const std::string& display_name = "") {
  v1::Segment segment;
  segment.set_display_name(display_name);
  segment.mutable_condition()->set_text(condition);
  return segment;
}

class SegmentHandlersTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Segment> Create(const std::string& id, const v1::Segment& segment) {
    v1::CreateSegmentRequest request;
    request.set_parent("tenants/acme");
    request.set_segment_id(id);
    *request.mutable_segment() = segment;
    return CreateSegment(segments_, catalog_, db_.clock(), scope_, request);
  }
  absl::StatusOr<v1::Segment> Get(const std::string& id) {
    v1::GetSegmentRequest request;
    request.set_name("tenants/acme/segments/" + id);
    return GetSegment(segments_, scope_, request);
  }
  absl::StatusOr<v1::Segment> Update(const std::string& id, v1::Segment segment,
                                     const std::vector<std::string>& mask = {}, bool allow_missing = false) {
    v1::UpdateSegmentRequest request;
    segment.set_name("tenants/acme/segments/" + id);
    *request.mutable_segment() = segment;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    request.set_allow_missing(allow_missing);
    return UpdateSegment(segments_, catalog_, db_.clock(), scope_, request);
  }
  absl::Status Delete(const std::string& id, const std::string& user = "") {
    v1::DeleteSegmentRequest request;
    request.set_name("tenants/acme/segments/" + id);
    const auto find_user = [&](mysql::Transaction&, const TenantScope&,
                               const std::string& segment) -> absl::StatusOr<std::string> {
      EXPECT_EQ(segment, "tenants/acme/segments/" + id);
      return user;
    };
    return DeleteSegment(segments_, catalog_, find_user, scope_, request).status();
  }

  mysql::testing::TestDatabase db_;
  SegmentStore segments_{db_.database()};
  SegmentCatalog catalog_{segments_, db_.clock()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(SegmentHandlersTest, CreatesOnce) {
  const absl::StatusOr<v1::Segment> made = Create("vip", Where("contact.vip = true", "VIPs"));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->condition().compare().field(), "contact.vip") << "the structured form";
  const absl::StatusOr<v1::Segment> again = Create("vip", Where("contact.vip=true", "VIPs"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), made->SerializeAsString());
  EXPECT_EQ(ReasonOf(Create("vip", Where("contact.vip = false", "VIPs")).status()), v1::ERROR_REASON_RESOURCE_EXISTS);
  EXPECT_EQ(Get("vip")->SerializeAsString(), made->SerializeAsString());
}

TEST_F(SegmentHandlersTest, RefusesWhatIsNoSegment) {
  const auto fields = [](const absl::Status& status) {
    std::vector<std::string> found;
    for (const FieldViolation& violation : ViolationsOf(status)) found.push_back(violation.field);
    return found;
  };
  EXPECT_EQ(ReasonOf(Create("x", v1::Segment()).status()), v1::ERROR_REASON_INVALID_SEGMENT);
  const absl::Status event = Create("x", Where("event.total > 5")).status();
  EXPECT_EQ(ReasonOf(event), v1::ERROR_REASON_INVALID_CONDITION) << event;
  const absl::Status both = Create("x", Where("event.total > 5", std::string(201, 'x'))).status();
  EXPECT_EQ(ReasonOf(both), v1::ERROR_REASON_INVALID_SEGMENT);
  EXPECT_THAT(fields(both), testing::SizeIs(2));
  EXPECT_EQ(ReasonOf(Create("X", Where("contact.a = 1")).status()), v1::ERROR_REASON_INVALID_IDENTIFIER);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM segments"), 0);
}

TEST_F(SegmentHandlersTest, ChangesWhatTheMaskNames) {
  const std::string etag = Create("vip", Where("contact.vip = true", "VIPs"))->etag();
  absl::StatusOr<v1::Segment> changed = Update("vip", Where("", "Best"), {"display_name"});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->display_name(), "Best");
  EXPECT_EQ(changed->condition().compare().field(), "contact.vip");
  v1::Segment stale = Where("contact.vip = false");
  stale.set_etag(etag);
  EXPECT_EQ(ReasonOf(Update("vip", stale).status()), v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(ReasonOf(Update("vip", Where("contact.a = 1"), {"etag"}).status()), v1::ERROR_REASON_INVALID_FIELD_MASK);
  EXPECT_EQ(ReasonOf(Update("new", Where("contact.a = 1")).status()), v1::ERROR_REASON_SEGMENT_NOT_FOUND);
  changed = Update("new", Where("contact.a = 1", "New"), {"display_name"}, true);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->condition().compare().field(), "contact.a") << "made whole";
}

TEST_F(SegmentHandlersTest, ListsById) {
  for (const char* id : {"c", "a", "b"}) ASSERT_TRUE(Create(id, Where("contact.a = 1")).ok());
  v1::ListSegmentsRequest request;
  request.set_parent("tenants/acme");
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    const absl::StatusOr<v1::ListSegmentsResponse> page = ListSegments(segments_, scope_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Segment& segment : page->segments()) names.push_back(segment.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("tenants/acme/segments/a", "tenants/acme/segments/b", "tenants/acme/segments/c"));
}

TEST_F(SegmentHandlersTest, DeletesWhatNobodyNames) {
  ASSERT_TRUE(Create("vip", Where("contact.vip = true")).ok());
  EXPECT_EQ(catalog_.Get(scope_).value()->size(), 1u);
  const absl::Status used = Delete("vip", "after-delivery");
  EXPECT_EQ(ReasonOf(used), v1::ERROR_REASON_SEGMENT_IN_USE);
  EXPECT_THAT(std::string(used.message()), testing::HasSubstr("after-delivery"));
  EXPECT_TRUE(Get("vip").ok());
  EXPECT_TRUE(Delete("vip").ok());
  EXPECT_EQ(ReasonOf(Delete("vip")), v1::ERROR_REASON_SEGMENT_NOT_FOUND);
  EXPECT_EQ(catalog_.Get(scope_).value()->size(), 0u) << "forgotten at once";
}

}  // namespace
}  // namespace canvass::contacts
