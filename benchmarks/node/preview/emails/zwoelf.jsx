// A newsletter of twelve sections for react-email's preview; the measurement writes another subject into it.
import { Body, Button, Container, Head, Heading, Hr, Html, Link, Section, Text } from "@react-email/components";
import { subject } from "./subject.js";
import sections from "./sections.json";

const ink = { color: "#17252a", fontSize: "16px", lineHeight: "1.6" };

const section = (one, key) => (
  <Section key={key} style={{ backgroundColor: "#ffffff", borderRadius: "14px", padding: "24px" }}>
    <Heading as="h2" style={ink}>{one.title}</Heading>
    {one.paragraphs.map((text, number) => <Text key={number} style={ink}>{text}</Text>)}
    <Link href={one.link} style={{ color: "#0b5563" }}>Weiterlesen</Link>
    <Button href={one.link} style={{ backgroundColor: "#0b5563", color: "#ffffff" }}>Zur Reportage</Button>
    <Hr />
  </Section>
);

export default function Zwoelf() {
  return (
    <Html lang="de">
      <Head />
      <Body style={{ backgroundColor: "#f2f5f4" }}>
        <Container><Heading>{subject}</Heading>{sections.map(section)}</Container>
      </Body>
    </Html>
  );
}
