#include "server/distribution/channels/message_body.h"

#include <kainjow/mustache.hpp>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/substitute.h"
#include "server/distribution/brand.h"
#include "server/distribution/channels/message_texts.h"
#include "server/surveys/survey.h"
#include "server/surveys/texts/languages.h"
#include "server/surveys/texts/piped_fact.h"
#include "server/surveys/texts/pipes.h"

namespace canvass::distribution {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

constexpr char kTextTemplate[] = R"({{{greeting}}}

{{{intro}}}
{{#question}}

{{{question}}}
{{/question}}

{{{open}}}:
{{{url}}}

-- 
{{{footer}}}
{{#privacy_url}}
{{{privacy}}}: {{{privacy_url}}}
{{/privacy_url}}
{{{unsubscribe}}}:
{{{unsubscribe_url}}}
)";

constexpr char kHtmlTemplate[] = R"(<!DOCTYPE html>
<html lang="{{language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{subject}}</title>
</head>
<body style="margin:0;padding:24px 12px;background:#f4f4f4;color:#1a1a1a;font:16px/1.5 Arial,Helvetica,sans-serif">
<div style="max-width:600px;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px">
{{#logo_url}}
<p style="margin:0 0 16px"><img src="{{logo_url}}" alt="{{brand}}" height="40" style="height:40px;border:0"></p>
{{/logo_url}}
<p style="margin:0 0 16px">{{greeting}}</p>
<p style="margin:0 0 24px">{{intro}}</p>
{{#question}}
<p style="margin:0 0 16px;font-size:18px;font-weight:bold">{{question}}</p>
{{/question}}
{{#has_scale}}
<p style="margin:0 0 8px">{{choose}}</p>
<p style="margin:0 0 8px;line-height:52px">
{{#scores}}
<a href="{{link}}" style="display:inline-block;min-width:28px;padding:0 6px;margin:0 2px;line-height:40px;text-align:center;background:{{color}};color:{{text_color}};text-decoration:none;border-radius:6px">{{score}}</a>
{{/scores}}
</p>
{{#has_ends}}
<p style="margin:0 0 24px;font-size:14px;color:#505050">{{first}} = {{low}} &middot; {{last}} = {{high}}</p>
{{/has_ends}}
{{/has_scale}}
<p style="margin:0 0 24px"><a href="{{url}}" style="display:inline-block;padding:12px 24px;background:{{color}};color:{{text_color}};text-decoration:none;border-radius:6px;font-weight:bold">{{open}}</a></p>
<p style="margin:0;padding-top:16px;border-top:1px solid #dddddd;font-size:14px;color:#505050">{{footer}}
{{#privacy_url}}
<br><a href="{{privacy_url}}" style="color:#505050">{{privacy}}</a>
{{/privacy_url}}
<br><a href="{{unsubscribe_url}}" style="color:#505050">{{unsubscribe}}</a></p>
</div>
</body>
</html>
)";

// The customer's side of a message.
struct Reader {
  const Outgoing& message;
  std::string language;  // of the survey
  const MessageTexts& texts;
  v1::Brand brand;
};

Reader ReaderOf(const Outgoing& message) {
  std::string language = surveys::ChooseLanguage(message.survey, message.contact.language());
  const MessageTexts& texts = MessageTextsIn(language);
  return {.message = message,
          .language = std::move(language),
          .texts = texts,
          .brand = CompleteBrand(message.settings.brand(), message.tenant_name)};
}

// A text of the survey, with the invitation's facts put in.
std::string SurveyText(const Reader& reader, const surveys::TextMap& texts) {
  const v1::SurveyDefinition& survey = reader.message.survey;
  const google::protobuf::RepeatedPtrField<v1::Answer> no_answers;
  return surveys::FillPipes(surveys::TextIn(texts, reader.language, survey.default_language()),
                            [&](absl::string_view path) -> surveys::PipeValue {
                              std::optional<std::string> fact =
                                  surveys::PipedFact(survey, reader.language,
                                                     reader.message.invitation.invitation.facts(), no_answers, path);
                              if (!fact.has_value()) return {.kind = surveys::PipeValue::Kind::kAbsent};
                              return {.kind = surveys::PipeValue::Kind::kText, .text = *std::move(fact)};
                            });
}

// Authors may break lines in a title; a header may not.
std::string OnOneLine(std::string text) {
  for (char& c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  absl::RemoveExtraAsciiWhitespace(&text);
  return text;
}

std::string Subject(const Reader& reader) {
  std::string title = OnOneLine(SurveyText(reader, reader.message.survey.title()));
  if (!title.empty()) return title;
  const absl::string_view text = reader.message.reminder > 0 ? reader.texts.reminder_subject : reader.texts.subject;
  return absl::Substitute(text, reader.brand.display_name());
}

// The question that everybody is asked first; nullptr if that depends.
const v1::Question* FirstQuestion(const v1::SurveyDefinition& survey) {
  if (survey.questions().empty() || survey.questions(0).has_show_if()) return nullptr;
  if (survey.pages_size() > 0 && survey.pages(0).has_show_if()) return nullptr;
  return &survey.questions(0);
}

ScaleEnds EndsOf(const Reader& reader, const v1::Question& question) {
  const MessageTexts& texts = reader.texts;
  if (question.has_nps()) return texts.likelihood;
  if (question.has_csat()) return texts.satisfaction;
  if (question.has_ces()) return surveys::EffortIsHigh(question.ces()) ? texts.effort : texts.ease;
  const std::string& language = reader.message.survey.default_language();
  return {surveys::TextIn(question.rating().low_label(), reader.language, language),
          surveys::TextIn(question.rating().high_label(), reader.language, language)};
}

void AddScale(const Reader& reader, const v1::Question& question, absl::string_view token, const PageUrls& urls,
              data& fields) {
  const std::optional<surveys::Scale> scale = surveys::ScaleOf(question);
  if (!scale.has_value()) return;
  data scores{data::type::list};
  for (int score = scale->low; score <= scale->high; ++score) {
    data one;
    one.set("score", std::to_string(score));
    one.set("link", urls.SurveyWithScore(token, question.key(), score));
    scores.push_back(one);
  }
  const ScaleEnds ends = EndsOf(reader, question);
  fields.set("has_scale", data{true});
  fields.set("scores", scores);
  fields.set("has_ends", data{!ends.low.empty() && !ends.high.empty()});
  fields.set("first", std::to_string(scale->low));
  fields.set("last", std::to_string(scale->high));
  fields.set("low", std::string(ends.low));
  fields.set("high", std::string(ends.high));
}

void AddIfAny(const std::string& name, const std::string& value, data& fields) {
  if (!value.empty()) fields.set(name, value);
}

data FieldsOf(const Reader& reader, const MessageLinks& links) {
  const MessageTexts& texts = reader.texts;
  const v1::Brand& brand = reader.brand;
  const std::string token = links.TokenOf(reader.message);
  data fields;
  fields.set("language", reader.language);
  fields.set("subject", Subject(reader));
  fields.set("brand", brand.display_name());
  fields.set("color", brand.color());
  fields.set("text_color", TextColorOn(brand.color()));
  fields.set("greeting", std::string(texts.greeting));
  fields.set("intro", std::string(reader.message.reminder > 0 ? texts.reminder_intro : texts.intro));
  fields.set("choose", std::string(texts.choose));
  fields.set("open", std::string(texts.open));
  fields.set("url", links.urls.Survey(token));
  fields.set("footer", absl::Substitute(texts.footer, brand.display_name()));
  fields.set("privacy", std::string(texts.privacy));
  fields.set("unsubscribe", std::string(texts.unsubscribe));
  fields.set("unsubscribe_url", links.UnsubscribeOf(reader.message, v1::Invitation::CHANNEL_EMAIL));
  AddIfAny("logo_url", brand.logo_url(), fields);
  AddIfAny("privacy_url", brand.privacy_url(), fields);
  if (const v1::Question* question = FirstQuestion(reader.message.survey)) {
    AddIfAny("question", SurveyText(reader, question->text()), fields);
    AddScale(reader, *question, token, links.urls, fields);
  }
  return fields;
}

}  // namespace

MessageBody WriteBody(const Outgoing& message, const MessageLinks& links) {
  const Reader reader = ReaderOf(message);
  const data fields = FieldsOf(reader, links);
  return {.subject = Subject(reader),
          .text = mustache(kTextTemplate).render(fields),
          .html = mustache(kHtmlTemplate).render(fields)};
}

std::string WriteShortBody(const Outgoing& message, const MessageLinks& links) {
  const Reader reader = ReaderOf(message);
  const absl::string_view text = message.reminder > 0 ? reader.texts.sms_reminder : reader.texts.sms;
  return absl::StrCat(absl::Substitute(text, reader.brand.display_name()), " ",
                      links.urls.Survey(links.TokenOf(message)));
}

}  // namespace canvass::distribution
