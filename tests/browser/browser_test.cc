// Starts the pages on a real port with a real database, and lets Chromium go through them as respondent.mjs says.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/http/testing/page_house.h"

namespace canvass::http {
namespace {

using testing::PageHouse;

// One question of every kind, each required, so that the page with every problem can be seen, too.
constexpr char kEveryKind[] = R"pb(
  default_language: 'en'
  languages: 'de'
  title { key: 'en' value: 'Every kind' }
  title { key: 'de' value: 'Alle Arten' }
  questions {
    key: 'nps'
    required: true
    nps {}
  }
  questions {
    key: 'csat'
    required: true
    help { key: 'en' value: 'A line of help.' }
    csat {}
  }
  questions {
    key: 'ces'
    required: true
    ces { points: 10 }
  }
  questions {
    key: 'rating'
    rating {
      low_label { key: 'en' value: 'Bad' }
      high_label { key: 'en' value: 'Good' }
    }
  }
  questions {
    key: 'single'
    required: true
    single_choice {
      options { key: 'red' }
      options { key: 'blue' }
      options { key: 'own' other: true }
    }
  }
  questions {
    key: 'multiple'
    required: true
    multiple_choice {
      min_choices: 1
      options { key: 'tea' }
      options { key: 'coffee' }
      options { key: 'none' exclusive: true }
      options { key: 'own' other: true }
    }
  }
  questions {
    key: 'line'
    required: true
    free_text { pattern: PATTERN_EMAIL }
  }
  questions {
    key: 'story'
    required: true
    free_text { multiline: true }
  }
  questions {
    key: 'matrix'
    required: true
    matrix {
      rows { key: 'food' }
      rows { key: 'place' }
      columns { key: 'bad' }
      columns { key: 'good' }
    }
  }
  questions {
    key: 'ranking'
    required: true
    ranking {
      options { key: 'first' }
      options { key: 'second' }
      options { key: 'third' }
    }
  }
  questions {
    key: 'number'
    required: true
    number {
      unit { key: 'en' value: 'kg' }
      min: 1
      max: 9
    }
  }
  questions {
    key: 'date'
    required: true
    date {}
  }
  questions {
    key: 'consent'
    required: true
    consent {}
  }
  questions {
    key: 'statement'
    statement {}
  }
)pb";

// The same on one page.
std::string OnOnePage() { return absl::StrCat(kEveryKind, "pages { key: 'all' starts_with: 'nps' }"); }

constexpr char kJourney[] = R"pb(
  questions {
    key: 'recommend'
    required: true
    nps {}
  }
  questions {
    key: 'why'
    show_if { text: 'answer.recommend <= 6' }
    free_text {}
  }
  questions {
    key: 'topics'
    multiple_choice {
      options { key: 'price' }
      options { key: 'staff' }
    }
  }
  endings {
    key: 'done'
    title { key: 'en' value: 'All done' }
  }
)pb";

class BrowserTest : public ::testing::Test {
 protected:
  // Runs `scenario` of the script on the page at `path`.
  void Run(const std::string& scenario, const std::string& path) {
    const std::string base = absl::StrCat("http://127.0.0.1:", house_.port());
    const std::string command = absl::StrCat("'", CANVASS_NODE, "' '", CANVASS_BROWSER_SCRIPT, "' '", CANVASS_CHROMIUM,
                                             "' ", scenario, " '", base, path, "'");
    EXPECT_EQ(std::system(command.c_str()), 0) << scenario;
  }

  mysql::testing::TestDatabase db_;
  PageHouse house_{db_};
};

TEST_F(BrowserTest, NoPageBreaksARuleOfAccessibility) {
  house_.Publish("kinds", kEveryKind);
  house_.Publish("page", OnOnePage());
  Run("rules", house_.Invite("page"));
  // Page by page, to the thanks.
  Run("walk", house_.Invite("kinds"));
  EXPECT_EQ(house_.Responses("kinds").size(), 1u);
  Run("rules", "/s/nothing");
  Run("rules", house_.UnsubscribePath("ada", v1::Invitation::CHANNEL_EMAIL));
}

TEST_F(BrowserTest, AKeyboardIsEnough) {
  house_.Publish("journey", kJourney);
  Run("keyboard", house_.Invite("journey"));
  ASSERT_EQ(house_.Responses("journey").size(), 1u);
  EXPECT_EQ(house_.Responses("journey")[0].answers_size(), 3);
}

TEST_F(BrowserTest, NoScriptIsNeeded) {
  house_.Publish("journey", kJourney);
  Run("scriptless", house_.Invite("journey"));
  EXPECT_EQ(house_.Responses("journey").size(), 1u);
}

}  // namespace
}  // namespace canvass::http
