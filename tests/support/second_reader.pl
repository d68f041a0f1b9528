# Reads messages as MIME::Tools does and says what it found, one line of JSON for each.
# In: a line with a number of bytes, then the bytes. Nothing is written to disk.
use strict;
use warnings;
use Encode;
use JSON::PP;
use MIME::Base64;
use MIME::Parser;
use Mail::Address;

binmode STDIN;
$| = 1;
my $json = JSON::PP->new->ascii->canonical;

sub words {
    my ($text) = @_;
    $text =~ s/\r?\n(?=[ \t])//g;
    $text =~ s/\s+\z//;
    return Encode::decode('MIME-Header', $text);
}

sub people {
    my ($head, $name) = @_;
    my @found;
    for my $value ($head->get_all($name)) {
        $value =~ s/\r?\n(?=[ \t])//g;
        for my $one (Mail::Address->parse($value)) {
            push @found, [words($one->phrase // ''), $one->address // ''];
        }
    }
    return \@found;
}

sub tree {
    my ($entity) = @_;
    my $head = $entity->head;
    my $id = $head->get('Content-ID') // '';
    $id =~ s/^\s*<|>\s*$//g;
    my %node = (
        type => $entity->effective_type,
        disposition => ($head->mime_attr('Content-Disposition') // ''),
        name => ($head->recommended_filename // ''),
        charset => ($head->mime_attr('Content-Type.charset') // ''),
        id => $id,
    );
    if ($entity->bodyhandle) {
        $node{body} = encode_base64($entity->bodyhandle->as_string, '');
    }
    $node{parts} = [map { tree($_) } $entity->parts];
    return \%node;
}

while (defined(my $line = <STDIN>)) {
    read(STDIN, my $raw, $line + 0) == $line or die 'short read';
    my $parser = MIME::Parser->new;
    $parser->output_to_core(1);
    $parser->tmp_to_core(1);
    $parser->extract_nested_messages(0);
    $parser->extract_uuencode(0);
    $parser->decode_headers(0);
    my $entity = $parser->parse_data($raw);
    my $head = $entity->head;
    my $subject = $head->get('Subject') // '';
    my %found = (
        said => [map { "$_" } $parser->results->errors, $parser->results->warnings],
        fields => [$head->tags],
        subject => words($subject),
        from => people($head, 'From'),
        to => people($head, 'To'),
        cc => people($head, 'Cc'),
        tree => tree($entity),
    );
    print $json->encode(\%found), "\n";
}
