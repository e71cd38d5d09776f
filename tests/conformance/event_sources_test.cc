// Event sources from making to deleting: their secrets go in and never come out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"

namespace canvass::conformance {
namespace {

using client::EventSources;
using client::Reason;
using ::testing::HasSubstr;
using ::testing::Not;

class EventSourcesTest : public ::testing::Test {
 protected:
  v1::CreateEventSourceRequest Creation(const std::string& id) {
    v1::CreateEventSourceRequest request;
    request.set_parent(own_.tenant);
    request.set_event_source_id(id);
    request.mutable_event_source()->set_display_name("The shop");
    request.mutable_event_source()->set_kind(v1::EventSource::KIND_SHOPIFY);
    request.mutable_event_source()->set_secret("shpss_0123456789");
    return request;
  }

  testing::Workspace own_ = NewWorkspace();
};

TEST_F(EventSourcesTest, LiveAndGo) {
  const auto created = own_.admin->Call(&EventSources::CreateEventSource, Creation("shop"));
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->name(), absl::StrCat(own_.tenant, "/eventSources/shop"));
  EXPECT_EQ(own_.admin->Call(&EventSources::CreateEventSource, Creation("shop"))->etag(), created->etag());

  v1::GetEventSourceRequest get;
  get.set_name(created->name());
  EXPECT_EQ(own_.admin->Call(&EventSources::GetEventSource, get)->SerializeAsString(), created->SerializeAsString());

  v1::UpdateEventSourceRequest update;
  *update.mutable_event_source() = *created;
  update.mutable_event_source()->set_display_name("The web shop");
  const auto updated = own_.admin->Call(&EventSources::UpdateEventSource, update);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->display_name(), "The web shop");
  EXPECT_EQ(Reason(own_.admin->Call(&EventSources::UpdateEventSource, update).status()), "ETAG_MISMATCH");

  v1::ListEventSourcesRequest list;
  list.set_parent(own_.tenant);
  const auto listed = own_.admin->Call(&EventSources::ListEventSources, list);
  ASSERT_EQ(listed->event_sources_size(), 1);
  for (const v1::EventSource& source : {*created, *updated, listed->event_sources(0)}) {
    EXPECT_THAT(source.ShortDebugString(), Not(HasSubstr("shpss")));
  }

  v1::DeleteEventSourceRequest remove;
  remove.set_name(created->name());
  EXPECT_TRUE(own_.admin->Call(&EventSources::DeleteEventSource, remove).ok());
  EXPECT_EQ(Reason(own_.admin->Call(&EventSources::GetEventSource, get).status()), "EVENT_SOURCE_NOT_FOUND");
}

TEST_F(EventSourcesTest, AreRefusedWithTheirFields) {
  v1::CreateEventSourceRequest request = Creation("shop");
  request.mutable_event_source()->set_secret("short");
  request.mutable_event_source()->clear_kind();
  const absl::Status status = own_.admin->Call(&EventSources::CreateEventSource, request).status();
  EXPECT_EQ(Reason(status), "INVALID_EVENT_SOURCE");
  ASSERT_EQ(client::Violations(status).size(), 2U);
  EXPECT_EQ(client::Violations(status)[0].field, "event_source.kind");
  EXPECT_EQ(client::Violations(status)[1].field, "event_source.secret");
}

TEST_F(EventSourcesTest, AreForAdmins) {
  ASSERT_TRUE(own_.admin->Call(&EventSources::CreateEventSource, Creation("shop")).ok());
  const absl::StatusOr<std::string> key = testing::MakeKey(own_, v1::ApiKey::ROLE_ANALYST);
  ASSERT_TRUE(key.ok()) << key.status();
  const auto analyst = testing::Connect(own_.address, *key);
  EXPECT_EQ(Reason(analyst->Call(&EventSources::CreateEventSource, Creation("mine")).status()), "PERMISSION_DENIED");
  v1::ListEventSourcesRequest list;
  list.set_parent(own_.tenant);
  EXPECT_TRUE(analyst->Call(&EventSources::ListEventSources, list).ok());
}

}  // namespace
}  // namespace canvass::conformance
