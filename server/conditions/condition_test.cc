#include "server/conditions/condition.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/conditions/condition_text.h"

namespace canvass::conditions {
namespace {

using google::protobuf::Struct;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr absl::string_view kRoots[] = {"event", "contact"};

Struct Json(const std::string& json) {
  Struct facts;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &facts).ok()) << json;
  return facts;
}

v1::Condition Text(absl::string_view text) {
  v1::Condition condition;
  condition.set_text(std::string(text));
  return condition;
}

v1::Condition Proto(const std::string& text) {
  v1::Condition condition;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &condition)) << text;
  return condition;
}

std::vector<FieldViolation> Refusal(v1::Condition condition) {
  const absl::Status status = NormalizeCondition("trigger.condition", kRoots, condition);
  EXPECT_FALSE(status.ok()) << condition.ShortDebugString().substr(0, 1000);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_CONDITION);
  return ViolationsOf(status);
}

auto Violation(const std::string& field, const std::string& description) {
  return testing::AllOf(testing::Field(&FieldViolation::field, field),
                        testing::Field(&FieldViolation::description, HasSubstr(description)));
}

const Struct& Facts() {
  static const Struct* facts = new Struct(Json(R"({
    "event": {
      "total": 50.5, "count": 0, "code": "A12*", "note": "late, broken box", "empty": "", "paid": true, "gift": false,
      "nothing": null, "tags": ["new", "vip", 7, null], "none": [], "address": {"city": "Brno", "street": null},
      "items": [{"sku": "A1", "price": 5}, {"sku": "B2", "labels": ["x", "y"]}],
      "grid": [[1, 2], [3]], "boarding area": "B", "uni": "ž", "star": "*"
    },
    "contact": {"country": "FR", "zip": "01234"}
  })"));
  return *facts;
}

bool Is(absl::string_view text) {
  v1::Condition condition = Text(text);
  const absl::Status status = NormalizeCondition("c", kRoots, condition);
  EXPECT_TRUE(status.ok()) << text << ": " << status;
  return Evaluate(condition, Facts());
}

TEST(EvaluateTest, ComparesNumbersByValue) {
  for (const char* text :
       {"event.total = 50.5", "event.total != 50", "event.total > 50", "event.total >= 50.5", "event.total < 51",
        "event.total <= 50.50", "event.count = 0", "event.count = -0", "event.count >= -1", "event.total = 505e-1"}) {
    EXPECT_TRUE(Is(text)) << text;
  }
  for (const char* text : {"event.total = 50", "event.total != 50.5", "event.total > 50.5", "event.total < 50.5"}) {
    EXPECT_FALSE(Is(text)) << text;
  }
}

TEST(EvaluateTest, ComparesTextByteByByte) {
  for (const char* text :
       {"contact.country = FR", "contact.country != fr", "contact.country < \"FRA\"", "contact.country > \"FQz\"",
        "event.uni > z", "event.empty = \"\"", "event.empty < a", "event.\"boarding area\" = B"}) {
    EXPECT_TRUE(Is(text)) << text;
  }
  EXPECT_FALSE(Is("contact.country = fr"));
}

TEST(EvaluateTest, TextNeverEqualsANumber) {
  EXPECT_FALSE(Is("contact.zip = 1234"));
  EXPECT_TRUE(Is("contact.zip != 1234"));
  EXPECT_FALSE(Is("contact.zip < 5000"));
  EXPECT_FALSE(Is("contact.zip >= 5000"));
  EXPECT_TRUE(Is("contact.zip = 01234"));  // a leading zero makes it text
  EXPECT_FALSE(Is("event.count = false"));
  EXPECT_FALSE(Is("event.gift = 0"));
  EXPECT_FALSE(Is("event.gift = \"false\""));
  EXPECT_TRUE(Is("event.gift = false AND event.paid = true AND event.paid != false"));
  EXPECT_TRUE(Is("event.tags != vip AND event.address != Brno"));
}

TEST(EvaluateTest, AFieldThatIsNotThereMakesEveryComparisonFalse) {
  for (const char* field : {"event.missing", "event.nothing", "event.address.street", "event.address.zip",
                            "event.total.x", "event.tags.x", "contact.country.x", "event.items.sku"}) {
    for (const char* rest : {" = 1", " != 1", " < 1", " >= 1", " = \"*\"", " != \"x\"", ":1", " = false", " != true"}) {
      EXPECT_FALSE(Is(absl::StrCat(field, rest))) << field << rest;
      EXPECT_TRUE(Is(absl::StrCat("NOT ", field, rest))) << field << rest;
    }
  }
  EXPECT_FALSE(Is("event.missing:* OR event.nothing:* OR event.address.street:*"));
}

TEST(EvaluateTest, StarsMatchTheStartAndEndOfText) {
  for (const char* text :
       {"event.note = \"late*\"", "event.note = \"*box\"", "event.note = \"*broken*\"", "event.note = \"*\"",
        "event.note = \"late, broken box*\"", "event.note = \"**\"", "event.empty = \"*\"", "event.note != \"*late\"",
        "event.note != \"broken*\"", "event.code = \"A12\\*\"", "event.code = \"*2\\*\"", "event.code = \"A12**\"",
        "event.star = \"\\*\"", "event.star = \"\\**\"", "event.star = \"*\\*\""}) {
    EXPECT_TRUE(Is(text)) << text;
  }
  for (const char* text : {"event.note = \"la*box\"", "event.note = \"*broken\"", "event.code = \"A\\*\"",
                           "event.note = \"\\*\"", "event.note = \"\\*box\"", "event.total = \"*\""}) {
    EXPECT_FALSE(Is(text)) << text;
  }
}

TEST(EvaluateTest, HasLooksIntoListsObjectsAndText) {
  for (const char* text :
       {"event.tags:vip", "event.tags:7", "event.tags:*", "event.none:*", "event.address:city", "event.address.city:rn",
        "event.address.city:*", "event.note:broken", "event.note:\"\"", "event.total:50.5", "event.paid:true",
        "event.items.sku:A1", "event.items.sku:B", "event.items.price:5", "event.items.labels:y", "event.items.sku:*",
        "event.star:\"\\*\"", "event.address:*", "event.code:\"\\*\""}) {
    EXPECT_TRUE(Is(text)) << text;
  }
  for (const char* text :
       {"event.tags:vi", "event.tags:\"7\"", "event.tags:x", "event.none:x", "event.address:Brno",
        "event.address:street2", "event.note:42", "event.total:50", "event.paid:false", "event.items.sku:C",
        "event.items.labels:z", "event.items.missing:*", "event.tags.x:*", "event.tags:\"\\*\"", "event.grid:1"}) {
    EXPECT_FALSE(Is(text)) << text;
  }
}

TEST(EvaluateTest, CombinesConditions) {
  EXPECT_TRUE(Evaluate(v1::Condition(), Facts()));
  EXPECT_TRUE(Evaluate(Proto("all {}"), Facts()));
  EXPECT_FALSE(Evaluate(Proto("any {}"), Facts()));
  EXPECT_TRUE(Is("event.count = 1 OR event.count = 0"));
  EXPECT_FALSE(Is("event.count = 0 AND event.count = 1"));
  EXPECT_TRUE(Is("event.count = 0 AND NOT (event.paid = false OR contact.country = (DE OR AT))"));
  EXPECT_FALSE(Is("event.paid = true event.count = 1"));
}

TEST(EvaluateTest, IsFalseForWhatWasNotNormalized) {
  EXPECT_FALSE(Evaluate(Text("event.paid = true"), Facts()));
  EXPECT_FALSE(Evaluate(Proto("compare { field: 'event.paid' value { bool_value: true } }"), Facts()));
  EXPECT_FALSE(
      Evaluate(Proto("compare { field: 'event' operator: OPERATOR_HAS value { string_value: '*' } }"), Facts()));
  v1::Condition deep;
  v1::Condition* at = &deep;
  for (int i = 0; i < 2000; ++i) at = at->mutable_all()->add_conditions();
  EXPECT_FALSE(Evaluate(deep, Facts()));
}

TEST(NormalizeTest, ReplacesTextWhereverItStands) {
  v1::Condition condition = Proto(R"pb(
    all {
      conditions { text: "event.a = 1 AND event.b = 2" }
      conditions { not { text: "contact.c:*" } }
      conditions { text: "" }
    })pb");
  ASSERT_TRUE(NormalizeCondition("c", kRoots, condition).ok());
  EXPECT_EQ(ConditionText(condition), "(event.a = 1 AND event.b = 2) AND NOT contact.c:* AND true");
}

TEST(NormalizeTest, ReportsEveryFaultAtItsPath) {
  const v1::Condition condition = Proto(R"pb(
    any {
      conditions {
        compare {
          field: "answer.nps"
          operator: OPERATOR_EQUAL
          value { number_value: 1 }
        }
      }
      conditions {
        all {
          conditions { text: "event.a = " }
          conditions { compare {} }
        }
      }
      conditions { not { text: "evnt.a = 1 OR contact = 2" } }
      conditions {
        compare {
          field: "event.a"
          operator: OPERATOR_LESS
          value { bool_value: true }
        }
      }
      conditions {
        compare {
          field: "event.a"
          operator: 99
          value { null_value: NULL_VALUE }
        }
      }
      conditions {
        compare {
          field: "event.a"
          operator: OPERATOR_HAS
          value { list_value {} }
        }
      }
    })pb");
  const std::string any = "trigger.condition.any.conditions";
  EXPECT_THAT(
      Refusal(condition),
      ElementsAre(Violation(any + "[0].compare.field", "starts with one of: event.x, contact.x"),
                  Violation(any + "[1].all.conditions[0].text", "at position 11"),
                  Violation(any + "[1].all.conditions[1].compare.field", "'' is not a path"),
                  Violation(any + "[1].all.conditions[1].compare.operator", "OPERATOR_UNSPECIFIED"),
                  Violation(any + "[1].all.conditions[1].compare.value", "must be text, a number or a boolean"),
                  Violation(any + "[2].not.text", "'evnt.a' is not a path"),
                  Violation(any + "[2].not.text", "'contact' is not a path"),
                  Violation(any + "[3].compare.value", "no order"), Violation(any + "[4].compare.operator", "must be"),
                  Violation(any + "[4].compare.value", "must be text"),
                  Violation(any + "[5].compare.value", "must be")));
}

TEST(NormalizeTest, RefusesNumbersThatAreNot) {
  v1::Condition condition = Proto("compare { field: 'event.a' operator: OPERATOR_LESS value { number_value: 1 } }");
  for (double number : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    condition.mutable_compare()->mutable_value()->set_number_value(number);
    EXPECT_THAT(Refusal(condition), ElementsAre(Violation("trigger.condition.compare.value", "finite")));
  }
}

v1::Condition NestedNots(int depth) {
  v1::Condition condition = Text("event.a = 1");
  for (int i = 1; i < depth; ++i) {
    v1::Condition outer;
    *outer.mutable_not_() = std::move(condition);
    condition = std::move(outer);
  }
  return condition;
}

TEST(NormalizeTest, LimitsDepth) {
  v1::Condition allowed = NestedNots(16);
  EXPECT_TRUE(NormalizeCondition("c", kRoots, allowed).ok());
  EXPECT_THAT(Refusal(NestedNots(17)), SizeIs(1));
  EXPECT_THAT(Refusal(NestedNots(3000)), SizeIs(1));
  // What a text says counts from where it stands.
  v1::Condition text;
  std::string nots = "event.a = 1";
  for (int i = 0; i < 15; ++i) nots = absl::StrCat("NOT (", nots, ")");
  v1::Condition fits = Text(nots);
  EXPECT_TRUE(NormalizeCondition("c", kRoots, fits).ok());
  *text.mutable_not_() = Text(nots);
  EXPECT_THAT(Refusal(text), ElementsAre(Violation("trigger.condition.not.text", "nested more than 16 deep")));
}

TEST(NormalizeTest, LimitsComparisons) {
  v1::Condition condition;
  for (int i = 0; i < 50; ++i) condition.mutable_all()->add_conditions()->set_text("event.a = 1 OR event.b = 2");
  EXPECT_TRUE(NormalizeCondition("c", kRoots, condition).ok());
  condition.mutable_all()->add_conditions()->set_text("event.a = 1");
  EXPECT_THAT(Refusal(condition), ElementsAre(Violation("trigger.condition", "more than 100 comparisons")));

  v1::Condition list;
  for (int i = 0; i < 101; ++i) list.mutable_any()->add_conditions();
  EXPECT_THAT(Refusal(list), ElementsAre(Violation("trigger.condition.any.conditions", "has 101 items")));

  // Nothing but empty lists takes time as well.
  v1::Condition empties;
  for (int i = 0; i < 90; ++i) {
    v1::Condition* inner = empties.mutable_all()->add_conditions();
    for (int k = 0; k < 90; ++k) inner->mutable_all()->add_conditions()->mutable_all();
  }
  EXPECT_THAT(Refusal(empties), SizeIs(1));
}

TEST(NormalizeTest, LimitsPathsAndValues) {
  v1::Condition condition = Proto("compare { operator: OPERATOR_EQUAL value { string_value: 'x' } }");
  condition.mutable_compare()->set_field("event." + std::string(250, 'a'));
  EXPECT_TRUE(NormalizeCondition("c", kRoots, condition).ok());
  condition.mutable_compare()->set_field("event.a" + std::string(2 * 130, '\xc5'));
  for (std::size_t i = 8; i < condition.compare().field().size(); i += 2) {
    (*condition.mutable_compare()->mutable_field())[i] = '\xbe';
  }
  const std::vector<FieldViolation> violations = Refusal(condition);  // quoted in the message, still as UTF-8
  EXPECT_THAT(violations, ElementsAre(Violation("trigger.condition.compare.field", "is not a path")));
  condition.mutable_compare()->set_field("event.a");
  condition.mutable_compare()->mutable_value()->set_string_value(std::string(4097, 'x'));
  EXPECT_THAT(Refusal(condition), ElementsAre(Violation("trigger.condition.compare.value", "4097 bytes")));
}

TEST(IsTrueOfTest, LooksAtTheFactAlone) {
  const auto is_true = [](const std::string& comparison, const std::string& value) {
    const Struct facts = Json(absl::StrCat(R"({"it": )", value, "}"));
    return IsTrueOf(Proto(absl::StrCat("compare { field: 'event.x' ", comparison, " }")).compare(),
                    facts.fields().at("it"));
  };
  const std::string more = "operator: OPERATOR_GREATER value { number_value: 5 }";
  EXPECT_TRUE(is_true(more, "6"));
  EXPECT_FALSE(is_true(more, "5"));
  EXPECT_FALSE(is_true(more, "\"6\""));
  const std::string other = "operator: OPERATOR_NOT_EQUAL value { number_value: 5 }";
  EXPECT_TRUE(is_true(other, "\"5\""));
  EXPECT_FALSE(is_true(other, "null")) << "it is not there";
  const std::string has = "operator: OPERATOR_HAS value { string_value: 'a' }";
  EXPECT_TRUE(is_true(has, R"(["b", "a"])"));
  EXPECT_TRUE(is_true(has, R"({"a": 1})"));
  EXPECT_FALSE(is_true(has, R"(["b"])"));
}

}  // namespace
}  // namespace canvass::conditions
