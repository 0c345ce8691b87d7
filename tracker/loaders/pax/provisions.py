"""The provisions that PA-X codes from 0 to 3, and our issues for them."""

_PROVISIONS = """
GCh Children and youth; GDis Disabled persons; GAge Elderly persons; GMig Migrant workers
GRa Racial, ethnic and national groups; GRe Religious groups; GInd Indigenous people; GOth Other groups
GRef Refugees and displaced persons; GSoc Social class; GeWom Women, girls and gender; GeMe Men and boys
GeLgbti LGBTI; GeFa Family; StGen Nature of the state; StCon State configuration; StSd Self-determination
StRef Referendum; StSym State symbols; StInd Independence and secession; StUni Accession and unification
StBor Border delimitation; StXbor Cross-border provision; Pol Political institutions
PolGen Political institutions, in general; PolNewInd New political institutions, indefinite
PolNewTemp New political institutions, temporary; Ele Elections; ElecComm Electoral commission
PolPar Political parties; PolParTrans Transition of armed groups to political parties
PolParOth Political parties, other; Civso Civil society; Tral Traditional and religious leaders
Pubad Public administration; ConGen Constitution, in general; ConRen Constitution affirmed or renewed
Cons Constitutional reform; Polps Political power-sharing; PpsGe Political power-sharing, in general
PpsEx Executive coalition; PpsOro Proportionality in offices and the legislature
PpsOthPr Other proportionality; PpsVet Vetoes; PpsAut Autonomous areas
PpsInt International involvement in power-sharing; PpsOth Political power-sharing, other
Terps Territorial power-sharing; TpsSub Federalism and subnational units
TpsLoc Local and municipal government; TpsAut Territorial autonomy
TpsOth Territorial power-sharing, other; Eps Economic power-sharing; EpsRes Sharing of resources
EpsFis Fiscal federalism; EpsOth Economic power-sharing, other; Mps Military power-sharing
MpsMe Merger of forces; MpsJt Joint command and control; MpsPro Proportional representation in the forces
MpsOth Military power-sharing, other; HrGen Human rights, in general; HrBor Bill of rights
HrTrinc Human rights treaties; HrCp Civil and political rights; CprLife Right to life
CprTort Freedom from torture; CprEq Equality; CprSlav Freedom from slavery
CprLib Liberty and security of the person; CprDet Humane treatment in detention
CprFmov Freedom of movement; CprFspe Freedom of speech; CprFass Freedom of association
CprTria Fair trial; CprPriv Privacy and family life; CprVote Right to vote and take part
CprReli Freedom of thought and religion; CprOth Civil and political rights, other
HrSec Economic, social and cultural rights; SerProp Right to property; SerWork Right to work
SerHeal Right to health; SerEdu Right to education; SerStdl Adequate standard of living
SerShel Right to shelter; SerSs Social security; SerCult Right to cultural life
SerOth Economic, social and cultural rights, other; HrCit Citizenship; CitGen Citizenship, in general
CitRights Rights of citizens; CitDef Definition of citizens; CitOth Citizenship, other; HrDem Democracy
HrDet Detention procedures; Med Media and communication; MedGov Regulation of the media
MedSubs Media and communication, roles; MedLog Media logistics; MedOth Media and communication, other
HrMob Mobility and access; Prot Protection measures; ProtCiv Protection of civilians
ProtGrp Protection of groups; ProtOth Protection, other; RiOth Rights, other
HrNi National human rights institutions; HrNiMe Mechanisms of existing human rights institutions
HrNiNe New human rights institutions; HrNiOth National human rights institutions, other
HrIi International human rights institutions
HrIiMon Monitoring by international human rights institutions
HrIiBod Bodies of international human rights law; HrIiOth International human rights institutions, other
JusCr Criminal justice; JusCrSp Special criminal measures; JusCrSys Criminal justice system
JusCrPow Delegated judicial powers; JusEm State of emergency; JusJu Judiciary and courts; JusPri Prisons
JusTra Traditional law; Dev Development and reconstruction; DevSoc Socio-economic development
DevHum Humanitarian assistance; DevInfra Infrastructure and reconstruction; NEC National economic plan
NatRes Natural resources; IntFu International funds; Bus Business; Tax Taxation; TaxPo Power to tax
TaxRef Reform of taxation; TaxOth Taxation, other; Ban Banks; CenBan Central bank
BanPers Personal and commercial banking; BanInt International finance; BanXb Cross-border finance
LaRef Land reform; LaRefMan Management of land; LaRefRet Return of land and property
LaRefOth Land reform, other; LaNom Pastoralism and nomadism; LaCH Cultural heritage
LaCHTa Tangible cultural heritage; LaCHIt Intangible cultural heritage
LaCHPro Promotion of cultural heritage; LaCHOth Cultural heritage, other; LaEn Environment; Wat Water
SsrGua Security guarantees; Ce Ceasefire; CeProv Provisions of a ceasefire; CeGen Ceasefire, in general
SsrPol Police; SsrArm Armed forces; SsrDdr Disarmament, demobilisation and reintegration
DdrDemil Demilitarisation; DdrProg Programmes of reintegration; SsrInt Intelligence services
SsrPsf Parastatal and rebel forces; SsrFf Withdrawal of foreign forces; Cor Corruption
SsrCrOcr Organised crime; SsrDrugs Drugs; Terr Terrorism; TjGen Transitional justice, in general
TjAm Amnesty and pardon; TjAmPro Amnesty; TjSan Relief of sanctions; TjPower Power to grant amnesty
TjAmBan Prohibition of amnesty; TjCou Courts for transitional justice
TjJaNc Transitional justice in national courts; TjJaIc Transitional justice in international courts
TjMech Mechanisms of transitional justice; TjPrire Release of prisoners; TjVet Vetting; TjVic Victims
TjMis Missing persons; TjRep Reparations; TjRSym Symbolic reparations; TjRMa Material reparations
TjNR Reconciliation; ImUN Signed by the United Nations; ImOth Signed by other third parties
ImRef Referendum on the agreement; ImPK International mission; ImE Enforcement mechanism
"""

PROVISIONS = dict(
    provision.strip().split(" ", 1)
    for line in _PROVISIONS.strip().splitlines()
    for provision in line.split("; ")
)
"""Our issue by the column of PA-X; how a group is spoken of (GChRhet) and where (PpsVet:St) is left in the claim."""
