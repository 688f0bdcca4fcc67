"""What sacrebleu 2.6.0 and rouge_score 0.1.2 make of some pairs of texts; writes written.json."""
import json, sacrebleu
from rouge_score import rouge_scorer
pairs=[("the cat sat on the mat","the cat is on the mat"),("","something"),("Hello, world! It's 3.5 km (2-3 h).","Hello world, it's 3.5 km - 2-3 h."),
("a b c d e f g","a c b d e g f"),("Prices rose 4,000 &amp; more & fell.","Prices rose 4,000 & more, then fell."),("Ünïcode café naïve","unicode cafe naïve"),
("The quick brown fox jumps over the lazy dog","The fast brown fox leaps over the lazy dog"),("x.y,z 1.5 ,a 2-\n3","x . y , z 1.5, a 2-3"),("one","one"),("Don't \"quote\" <skipped>me\n","Do not quote me")]
sc=rouge_scorer.RougeScorer(['rouge1','rouge2','rougeL'])
out=[]
for w,r in pairs:
    s=sc.score(r,w); out.append({"written":w,"reference":r,"rouge1":s['rouge1'].fmeasure,"rouge2":s['rouge2'].fmeasure,"rougeL":s['rougeL'].fmeasure,"bleu":sacrebleu.corpus_bleu([w],[[r]]).score})
b=[sacrebleu.corpus_bleu([p[0] for p in pairs[:n]],[[p[1] for p in pairs[:n]]]).score for n in range(1,len(pairs)+1)]
json.dump({"pairs":out,"corpus_bleu":b},open('written.json','w'),indent=1,ensure_ascii=False)
print(b)
