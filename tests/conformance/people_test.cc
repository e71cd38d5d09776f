// Contacts with addresses, merging, segments and suppressions, as a company's service sees them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"

namespace canvass::conformance {
namespace {

using client::Contacts;
using client::Reason;
using client::Segments;
using client::Suppressions;
using ::testing::SizeIs;

class PeopleTest : public ::testing::Test {
 protected:
  std::string ContactName(const std::string& id) const { return absl::StrCat(own_.tenant, "/contacts/", id); }

  absl::StatusOr<v1::Contact> Put(const std::string& id, const std::string& mail, const std::string& country) {
    v1::UpsertContactRequest request;
    v1::Contact& contact = *request.mutable_contact();
    contact.set_name(ContactName(id));
    (*contact.mutable_attributes()->mutable_fields())["country"].set_string_value(country);
    if (!mail.empty()) {
      v1::Address& address = *contact.add_addresses();
      address.set_channel(v1::Invitation::CHANNEL_EMAIL);
      address.set_value(mail);
    }
    return own_.admin->Call(&Contacts::UpsertContact, request);
  }
  absl::StatusOr<v1::Contact> Get(const std::string& id) {
    v1::GetContactRequest request;
    request.set_name(ContactName(id));
    return own_.admin->Call(&Contacts::GetContact, request);
  }
  absl::StatusOr<v1::Contact> Merge(const std::string& kept, const std::string& duplicate) {
    v1::MergeContactsRequest request;
    request.set_name(ContactName(kept));
    request.set_duplicate(ContactName(duplicate));
    return own_.admin->Call(&Contacts::MergeContacts, request);
  }

  testing::Workspace own_ = NewWorkspace();
};

TEST_F(PeopleTest, AnAddressComesBackInItsNormalForm) {
  const auto contact = Put("anna", "Anna@EXAMPLE.com", "CZ");
  ASSERT_TRUE(contact.ok()) << contact.status();
  ASSERT_THAT(contact->addresses(), SizeIs(1));
  EXPECT_EQ(contact->addresses(0).value(), "Anna@example.com");
  const auto refused = Put("anna", "anna(at)example.com", "CZ");
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reason(refused.status()), "INVALID_CONTACT");
  ASSERT_THAT(client::Violations(refused.status()), SizeIs(1));
  EXPECT_EQ(client::Violations(refused.status())[0].field, "addresses[0].value");
  EXPECT_EQ(refused.status().ToString().find("anna("), std::string::npos) << "addresses are not repeated in errors";
}

TEST_F(PeopleTest, ADuplicateBecomesTheOther) {
  ASSERT_TRUE(Put("anna", "", "CZ").ok());
  ASSERT_TRUE(Put("visitor", "anna@example.com", "SK").ok());
  v1::PublishEventsRequest publish;
  publish.set_parent(own_.tenant);
  *publish.add_events() = testing::MakeEvent("visitor", 1);
  ASSERT_TRUE(own_.admin->Call(&client::Events::PublishEvents, publish).ok());
  v1::ListPendingInvitationsRequest pending;
  pending.set_contact(ContactName("anna"));
  const auto before = own_.admin->Call(&client::Invitations::ListPendingInvitations, pending);
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_THAT(before->invitations(), SizeIs(0));

  const auto merged = Merge("anna", "visitor");
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->external_id(), "anna");
  EXPECT_EQ(merged->attributes().fields().at("country").string_value(), "CZ");
  EXPECT_THAT(merged->addresses(), SizeIs(1));
  EXPECT_EQ(Get("visitor")->name(), ContactName("anna"));
  const auto after = own_.admin->Call(&client::Invitations::ListPendingInvitations, pending);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_THAT(after->invitations(), SizeIs(1)) << "what the duplicate was asked";

  publish.clear_events();
  *publish.add_events() = testing::MakeEvent("visitor", 2);
  ASSERT_TRUE(own_.admin->Call(&client::Events::PublishEvents, publish).ok());
  EXPECT_THAT(own_.admin->Call(&client::Invitations::ListPendingInvitations, pending)->invitations(), SizeIs(2))
      << "events that still come for the duplicate";
  pending.set_contact(ContactName("visitor"));
  EXPECT_THAT(own_.admin->Call(&client::Invitations::ListPendingInvitations, pending)->invitations(), SizeIs(2))
      << "for an app that still knows the duplicate";
  EXPECT_EQ(Merge("anna", "visitor")->etag(), merged->etag()) << "merging again changes nothing";
  EXPECT_EQ(Reason(Merge("anna", "anna").status()), "INVALID_FIELD");
  EXPECT_EQ(Reason(Merge("anna", "nobody").status()), "CONTACT_NOT_FOUND");
}

TEST_F(PeopleTest, ABatchCanBeCheckedFirst) {
  v1::BatchUpsertContactsRequest request;
  request.set_parent(own_.tenant);
  request.set_validate_only(true);
  request.add_contacts()->set_name(ContactName("good"));
  request.add_contacts()->set_name(ContactName("bad"));
  request.mutable_contacts(1)->set_time_zone("Nowhere");
  const auto checked = own_.admin->Call(&Contacts::BatchUpsertContacts, request);
  ASSERT_TRUE(checked.ok()) << checked.status();
  ASSERT_THAT(checked->problems(), SizeIs(1));
  EXPECT_EQ(checked->problems(0).index(), 1);
  EXPECT_EQ(Reason(Get("good").status()), "CONTACT_NOT_FOUND");
}

TEST_F(PeopleTest, ASegmentLivesAsLongAsATriggerNamesIt) {
  v1::CreateSegmentRequest create;
  create.set_parent(own_.tenant);
  create.set_segment_id("czech");
  create.mutable_segment()->mutable_condition()->set_text("contact.country = \"CZ\"");
  const auto segment = own_.admin->Call(&Segments::CreateSegment, create);
  ASSERT_TRUE(segment.ok()) << segment.status();
  EXPECT_EQ(own_.admin->Call(&Segments::CreateSegment, create)->etag(), segment->etag());

  v1::CreateTriggerRequest trigger;
  trigger.set_parent(own_.tenant);
  trigger.set_trigger_id("czech-only");
  trigger.mutable_trigger()->set_event_type("order.delivered");
  trigger.mutable_trigger()->set_survey(own_.survey);
  trigger.mutable_trigger()->set_segment(segment->name());
  const auto made = own_.admin->Call(&client::Triggers::CreateTrigger, trigger);
  ASSERT_TRUE(made.ok()) << made.status();
  v1::DeleteSegmentRequest remove;
  remove.set_name(segment->name());
  const auto in_use = own_.admin->Call(&Segments::DeleteSegment, remove);
  EXPECT_EQ(in_use.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Reason(in_use.status()), "SEGMENT_IN_USE");
  v1::DeleteTriggerRequest unused;
  unused.set_name(made->name());
  ASSERT_TRUE(own_.admin->Call(&client::Triggers::DeleteTrigger, unused).ok());
  EXPECT_TRUE(own_.admin->Call(&Segments::DeleteSegment, remove).ok());
  EXPECT_EQ(Reason(own_.admin->Call(&Segments::DeleteSegment, remove).status()), "SEGMENT_NOT_FOUND");
  EXPECT_EQ(Reason(own_.admin->Call(&client::Triggers::CreateTrigger, trigger).status()), "SEGMENT_NOT_FOUND")
      << "a trigger that would never ask anybody";

  create.mutable_segment()->mutable_condition()->set_text("event.total > 5");
  EXPECT_EQ(Reason(own_.admin->Call(&Segments::CreateSegment, create).status()), "INVALID_CONDITION");
}

TEST_F(PeopleTest, ASuppressionIsKeptOnceAndFound) {
  v1::CreateSuppressionRequest create;
  create.set_parent(own_.tenant);
  create.mutable_suppression()->set_address("Anna@Example.com");
  create.mutable_suppression()->set_reason(v1::Suppression::REASON_BOUNCED);
  const auto first = own_.admin->Call(&Suppressions::CreateSuppression, create);
  ASSERT_TRUE(first.ok()) << first.status();
  create.mutable_suppression()->set_address("anna@example.com");
  create.mutable_suppression()->set_reason(v1::Suppression::REASON_MANUAL);
  const auto again = own_.admin->Call(&Suppressions::CreateSuppression, create);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->name(), first->name());
  EXPECT_EQ(again->reason(), v1::Suppression::REASON_BOUNCED);
  v1::ListSuppressionsRequest list;
  list.set_parent(own_.tenant);
  list.set_address("ANNA@example.com");
  EXPECT_THAT(own_.admin->Call(&Suppressions::ListSuppressions, list)->suppressions(), SizeIs(1));
  v1::DeleteSuppressionRequest remove;
  remove.set_name(first->name());
  EXPECT_TRUE(own_.admin->Call(&Suppressions::DeleteSuppression, remove).ok());
  EXPECT_EQ(Reason(own_.admin->Call(&Suppressions::DeleteSuppression, remove).status()), "SUPPRESSION_NOT_FOUND");
}

TEST_F(PeopleTest, WhoIsSuppressedIsNotAsked) {
  ASSERT_TRUE(Put("anna", "", "CZ").ok());
  v1::CreateSuppressionRequest create;
  create.set_parent(own_.tenant);
  create.mutable_suppression()->set_contact(ContactName("anna"));
  create.mutable_suppression()->set_reason(v1::Suppression::REASON_UNSUBSCRIBED);
  ASSERT_TRUE(own_.admin->Call(&Suppressions::CreateSuppression, create).ok());
  v1::PublishEventsRequest publish;
  publish.set_parent(own_.tenant);
  *publish.add_events() = testing::MakeEvent("anna", 1);
  const auto published = own_.admin->Call(&client::Events::PublishEvents, publish);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->results(0).invitations(), 0);
  v1::GetDecisionRequest get;
  get.set_name(absl::StrCat(published->results(0).event(), "/decisions/after-visit"));
  const auto decision = own_.admin->Call(&client::Decisions::GetDecision, get);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->outcome(), v1::Decision::OUTCOME_SUPPRESSED);
  EXPECT_EQ(decision->reason(), v1::Decision::REASON_OPTED_OUT);
}

}  // namespace
}  // namespace canvass::conformance
